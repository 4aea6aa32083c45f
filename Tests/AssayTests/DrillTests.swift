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
        #expect(without.status == 2 && without.output.contains("0 passed, 0 failed, 3 skipped"), "\(without)")
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

    @Test("runs a command in the environment of one drill, with its streams and status, and leaves nothing")
    func command() throws {
        let machine = try Machine()
        let script = "head -n 1 /proc/sys/fs/binfmt_misc/qemu-aarch64; cat; exit 7"
        let outcome = machine.run("echo said | \"$0\" drill handler-disabled -- sh -c '\(script)'")
        #expect(outcome.status == 7 && outcome.output == "disabled\nsaid\n", "\(outcome)")
        let variable = machine.run("exec \"$0\" drill cortex-a53 -- sh -c 'echo $QEMU_CPU'")
        #expect(variable.status == 0 && variable.output == "cortex-a53\n", "\(variable)")
        #expect(machine.leftovers.isEmpty)
        let several = machine.assay("drill", "handler-missing", "--", "true")
        #expect(several.status == 64 && several.errors.contains("about one drill"), "\(several)")
        let judged = machine.assay("drill", "healthy", "--remedies", "--", "true")
        #expect(judged.status == 64, "\(judged)")
        let absent = machine.assay("drill", "healthy", "--", "no-such-command")
        #expect(absent.status == 66 && absent.errors.contains("no such file: no-such-command"), "\(absent)")
    }

    @Test("an interrupted command ends, and its world with it") func interrupted() throws {
        let machine = try Machine()
        let outcome = machine.run("timeout -s TERM 3 \"$0\" drill healthy -- sleep 60")
        #expect(outcome.status == 124 && machine.leftovers.isEmpty, "\(outcome)")
        #expect(outcome.ended.duration < .seconds(30))
    }
}
