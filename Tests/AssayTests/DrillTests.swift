import Glibc
import Sandbox
import SystemPackage
import Testing

@Suite("assay drill", .serialized, .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
struct DrillTests {
    @Test("types the remedy below a directory, and with a program, whose names need quotes") func quotes() throws {
        let machine = try Machine()
        let outcome = machine.run(
            """
            mkdir "$TMPDIR/it's" && cp "$0" "$TMPDIR/it's/assay's" && export TMPDIR="$TMPDIR/it's"
            exec "$TMPDIR/assay's" drill --remedies handler-disabled handler-disabled
            """)
        #expect(outcome.status == 0 && outcome.output.contains("drills: 2 passed, 0 failed"), "\(outcome)")
        #expect(machine.names(in: machine.temporary.appending("it's")) == ["assay's"])
    }

    @Test("brings its fault about below a path longer than a socket's address") func longPath() throws {
        let machine = try Machine()
        let outcome = machine.run(
            """
            export TMPDIR="$TMPDIR/$(printf '%0120d' 0)" && mkdir "$TMPDIR" &&
                exec "$0" drill runner-no-docker-socket
            """)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(machine.leftovers.count == 1)
    }
}
