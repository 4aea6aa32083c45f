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

    @Test("leaves no cgroup, and skips a fault that this host cannot have", .enabled(if: getuid() == 0, "needs root"))
    func groups() throws {
        let machine = try Machine()
        let names = "group-processes group-memory slow-machine"
        let made = machine.run("exec \"$0\" drill \(names)")
        #expect(made.status == 0 && made.output.contains("drills: 3 passed, 0 failed"), "\(made)")
        // Other runs on this machine may have theirs for a while.
        let gone = machine.run(
            """
            for i in $(seq 50); do
                find /sys/fs/cgroup -name 'assay-run-*-drill-slow-machine' | grep -q . || exit 0
                sleep 1
            done
            exit 1
            """)
        #expect(gone.status == 0)
        let without = machine.run(
            "exec unshare -m --propagation private sh -c 'umount -l /sys/fs/cgroup && exec \"$0\" drill \(names)' \"$0\""
        )
        #expect(without.status == 0 && without.output.contains("0 passed, 0 failed, 3 skipped"), "\(without)")
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
