import Glibc
import Sandbox
import Testing

@Suite("assay handler install", .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
struct HandlerInstallTests {
    private static let qemu = PrivateHost.qemu ?? ""
    private static let install = "assay handler install --interpreter \(qemu)"

    @Test("registers what the kernel needs, and arm64 programs run") func installs() throws {
        let trial = try HandlerTrial(
            "\(Self.install); echo $?; mark; state; mark; assay probe exec.static --venue container")
        #expect(trial.parts[0].hasSuffix("\n0\n"), "\(trial.outcome)")
        #expect(trial.parts[0].contains("/assay handler remove qemu-aarch64\n"))
        #expect(trial.parts[1] == "enabled\n" + HandlerTrial.entry(interpreter: Self.qemu, flags: "POCF"))
        #expect(trial.outcome.status == 0, "\(trial.outcome)")
    }

    @Test("chooses this host's own interpreter when none is named") func chooses() throws {
        let trial = try HandlerTrial("assay handler install && assay probe exec.static")
        #expect(trial.outcome.status == 0, "\(trial.outcome)")
    }

    @Test("a dry run changes nothing, and typing what it prints is the same as installing") func dryRun() throws {
        let trial = try HandlerTrial(
            """
            \(Self.install) --persist --dry-run >plan; state; mark
            sed -n '/^would do/,/^$/ { /^  /p; }' plan | sh; state; mark
            undo plan; state; mark
            \(Self.install) --persist >/dev/null; state
            """)
        #expect(trial.parts[0] == "enabled\n" && trial.parts[2] == "enabled\n", "\(trial.outcome)")
        #expect(trial.parts[1] == trial.parts[3] && trial.parts[1].contains("flags: POCF"))
    }

    @Test("will not shadow an entry, says which, and changes nothing") func shadowing() throws {
        let trial = try HandlerTrial(
            PrivateHost.register(flags: "PF")
                + "state; mark; \(Self.install) --name other; echo $?; mark; state; mark; \(Self.install); echo $?")
        #expect(trial.parts[1] == "1\n" && trial.parts[3] == "1\n", "\(trial.outcome)")
        #expect(trial.parts[0] == trial.parts[2])
        #expect(trial.outcome.errors.contains("qemu-aarch64 (flags PF, \(Self.qemu))"))
        #expect(trial.outcome.errors.contains("--replace"))
    }

    @Test("with --replace it does, and what it prints brings all back in its order and state") func replaces() throws {
        let trial = try HandlerTrial(
            """
            echo ':older:E::older::/bin/true:' >$registry/register
            \(PrivateHost.register(flags: "PF"))
            echo ':newer:E::newer::/bin/true:' >$registry/register
            state; mark
            \(Self.install) --replace --name other >change; echo $?; state; mark
            undo change; grep '^or  ' change >&2; state
            """)
        #expect(trial.parts[1].hasPrefix("0\n") && trial.parts[1].contains("== other"), "\(trial.outcome)")
        #expect(!trial.parts[1].contains("qemu-aarch64\n"))
        #expect(!trial.outcome.errors.contains(" handler remove"))
        #expect(trial.parts[2].contains("== qemu-aarch64\n") && !trial.parts[2].contains("== other"))
        #expect(trial.parts[2].split(separator: "\n").sorted() == trial.parts[0].split(separator: "\n").sorted())
    }

    @Test("what cannot be brought back gives way only to what was shown to work") func replacesHeld() throws {
        let install = "handler install --replace --interpreter"
        let trial = try HandlerTrial(
            """
            cp \(Self.qemu) ./gone
            \(PrivateHost.register("$PWD/gone", flags: "POCF").replacing("'", with: "\""))
            rm ./gone; state; mark
            assay \(install) /bin/true; echo $?; (export QEMU_VERSION=1; assay \(install) \(Self.qemu)); echo $?; mark; state; mark
            assay \(install) \(Self.qemu) >change; echo $?; state; undo change; mark; state
            """)
        #expect(trial.parts[0].contains("/gone") && trial.parts[0] == trial.parts[2], "\(trial.outcome)")
        #expect(!trial.parts[1].split(separator: "\n").contains("0"), "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("could not be brought back"), "\(trial.outcome)")
        #expect(trial.parts[3].hasPrefix("0\n") && trial.parts[3].contains(Self.qemu), "\(trial.outcome)")
        #expect(!trial.parts[4].contains("/gone"), "what is printed to undo it does not claim what cannot be had")
    }

    @Test("what is there as asked is left alone, and that is success") func idempotent() throws {
        let trial = try HandlerTrial("\(Self.install) >/dev/null; state; mark; \(Self.install); echo $?; mark; state")
        #expect(trial.parts[1].hasSuffix("\n0\n") && !trial.parts[1].contains("printf"), "\(trial.outcome)")
        #expect(trial.parts[0] == trial.parts[2])
    }

    @Test("a name that another entry has is refused, even with --replace") func nameTaken() throws {
        let trial = try HandlerTrial(
            """
            echo ':qemu-aarch64:E::jar::/bin/true:' >$registry/register; state; mark
            \(Self.install) --replace; echo $?; mark; state
            """)
        #expect(trial.parts[1] == "1\n" && trial.parts[0] == trial.parts[2], "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("files called *.jar") && trial.outcome.errors.contains("--name"))
    }

    @Test("a disabled entry and a disabled registry are refused, with what to type") func disabled() throws {
        let trial = try HandlerTrial(
            PrivateHost.register(flags: "F")
                + """
                printf 0 >$registry/qemu-aarch64; \(Self.install); echo $?; mark
                printf 0 >$registry/status; \(Self.install) --replace; echo $?
                """)
        #expect(trial.parts == ["1\n", "1\n"], "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("printf 1 > /proc/sys/fs/binfmt_misc/qemu-aarch64"))
        #expect(trial.outcome.errors.contains("printf 1 > /proc/sys/fs/binfmt_misc/status"))
    }

    @Test(
        "an interpreter that cannot serve is refused, and nothing is registered",
        arguments: [
            ("", "/etc", "regular file"),
            ("cp \(qemu) q; chmod 644 q", "$TMPDIR/q", "may be executed"),
            ("printf '#!/bin/sh\\n' >q; chmod 755 q", "$TMPDIR/q", "an ELF program"),
            ("head -c 40 \(qemu) >q; chmod 755 q", "$TMPDIR/q", "an ELF program"),
            ("cp \(qemu) q; printf '\\267' | dd of=q bs=1 seek=18 conv=notrunc 2>/dev/null", "$TMPDIR/q", "AArch64"),
            ("", "/bin/sh", "static program"),
            ("", "/$(printf '%0200d' 0)", "127 bytes"),
        ])
    func interpreter(setUp: String, path: String, words: String) throws {
        let trial = try HandlerTrial("\(setUp)\nassay handler install --interpreter \(path); echo $?; mark; state")
        #expect(trial.parts == ["1\n", "enabled\n"], "\(trial.outcome)")
        #expect(trial.outcome.errors.contains(words), "\(trial.outcome)")
    }

    @Test("an interpreter that is not there is no input, and nothing is registered") func absent() throws {
        let trial = try HandlerTrial("assay handler install --interpreter /does/not/exist; echo $?; mark; state")
        #expect(trial.parts == ["66\n", "enabled\n"], "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("/does/not/exist: No such file"), "\(trial.outcome)")
    }

    @Test("a dynamic interpreter is taken where F is not asked for, and let go where it runs no program") func dynamic()
        throws
    {
        let trial = try HandlerTrial("assay handler install --interpreter /bin/sh --flags P; echo $?; mark; state")
        #expect(trial.parts == ["2\n", "enabled\n"], "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("interpreter-wrong-program"), "\(trial.outcome)")
    }

    @Test("flags that were asked for are taken, and what was run is said") func withoutF() throws {
        let trial = try HandlerTrial(
            "assay handler install --interpreter \(PrivateHost.qemu ?? "") --flags P; echo $?; mark; state")
        #expect(trial.parts[0].hasSuffix("\n0\n") && trial.parts[1].contains("flags: P\n"), "\(trial.outcome)")
        #expect(trial.parts[0].contains("proved itself on the host"), "\(trial.outcome)")
    }

    @Test("binfmt_misc is mounted where it is not, and unmounted by what is printed") func mounts() throws {
        let trial = try HandlerTrial(
            """
            cover; \(Self.install) >change; echo $?; mark; state; mark; undo change; ls $registry
            """)
        #expect(trial.parts[0] == "0\n", "\(trial.outcome)")
        #expect(trial.parts[1].contains("flags: POCF") && trial.parts[2].isEmpty)
        #expect(trial.outcome.errors.contains("not mounted"))
    }

    @Test("a refusal after the mount leaves nothing mounted") func mountsAndRefuses() throws {
        let trial = try HandlerTrial(
            PrivateHost.register(flags: "F") + "cover; \(Self.install); echo $?; mark; ls $registry")
        #expect(trial.parts == ["1\n", ""], "\(trial.outcome)")
    }

    @Test("what the kernel refuses is status 2, and says the errno") func refused() throws {
        let trial = try HandlerTrial("mount -o remount,ro,bind $registry; \(Self.install); echo $?")
        #expect(trial.parts == ["2\n"], "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("Read-only file system"))
    }

    @Test("wrong flags, names and paths are usage errors") func usage() throws {
        let machine = try Machine()
        for words in [["--flags", "X"], ["--name", "a/b"], ["--name", "status"], ["--interpreter", "qemu"]] {
            let launch = machine.launch(["handler", "install", "--dry-run"] + words)
            #expect(Outcome(Supervisor(jobs: 1).run(launch)).status == 64, "\(words)")
        }
    }
}
