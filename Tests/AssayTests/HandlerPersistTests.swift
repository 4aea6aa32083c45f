import Glibc
import Sandbox
import TestSupport
import Testing

@Suite("assay handler install --persist", .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
struct HandlerPersistTests {
    private static let qemu = PrivateHost.qemu ?? ""
    private static let install = "assay handler install --persist --interpreter \(qemu)"
    private static let systemd = "/usr/lib/systemd/systemd-binfmt"
    private static let updateBinfmts = "/usr/sbin/update-binfmts"
    private static let usesSystemd = access(systemd, X_OK) == 0 && access(updateBinfmts, X_OK) != 0
    private static let usesDatabase = access(updateBinfmts, X_OK) == 0

    /// What a distribution's package brings.
    private static let vendor =
        PrivateHost.register(flags: "OPF").split(separator: ">").dropLast().joined(separator: ">")
        + ">/usr/lib/binfmt.d/qemu-aarch64.conf\n"

    @Test(
        "after a boot the entry is there, although a package registers another one",
        .enabled(if: usesSystemd, "needs systemd-binfmt, and no update-binfmts"))
    func boot() throws {
        let trial = try HandlerTrial(
            Self.vendor + "\(Self.install) >/dev/null; echo $?; mark; state; mark; \(Self.systemd) 2>/dev/null; state")
        #expect(trial.parts[0] == "0\n", "\(trial.outcome)")
        #expect(trial.parts[1] == trial.parts[2] && trial.parts[2].contains("flags: POCF"))
    }

    @Test(
        "remove --persist takes all of it back, and the package's entry is registered again at boot",
        .enabled(if: usesSystemd, "needs systemd-binfmt, and no update-binfmts"))
    func remove() throws {
        let trial = try HandlerTrial(
            Self.vendor
                + """
                \(Self.install) >/dev/null; state; mark
                assay handler remove --persist >change; echo $?; mark; state; mark
                \(Self.systemd) 2>/dev/null; state; mark
                printf -- -1 >$registry/qemu-aarch64; undo change; state
                """)
        #expect(trial.parts[1] == "0\n" && trial.parts[2] == "enabled\n", "\(trial.outcome)")
        #expect(trial.parts[3].contains("flags: POF"))
        #expect(trial.parts[4] == trial.parts[0])
        #expect(trial.outcome.errors.contains("brings it back at boot"))
    }

    @Test(
        "somebody else's file is overwritten only with --replace, and comes back by what is printed",
        .enabled(if: usesSystemd, "needs systemd-binfmt, and no update-binfmts"))
    func somebodyElses() throws {
        let trial = try HandlerTrial(
            """
            printf 'somebody'\\''s\\nown' >/etc/binfmt.d/qemu-aarch64.conf; state; mark
            \(Self.install); echo $?; mark; state; mark
            assay handler remove --persist; echo $?; mark
            \(Self.install) --replace >change; echo $?; undo change; state
            """)
        #expect(trial.parts[1] == "1\n" && trial.parts[2] == trial.parts[0], "\(trial.outcome)")
        #expect(trial.parts[3] == "1\n")
        #expect(trial.parts[4] == "0\n" + trial.parts[0])
    }

    @Test(
        "a masked rule stays masked", .enabled(if: usesSystemd, "needs systemd-binfmt, and no update-binfmts"))
    func masked() throws {
        let trial = try HandlerTrial(
            """
            ln -s /dev/null /etc/binfmt.d/qemu-aarch64.conf; \(Self.install); echo $?; mark
            \(Self.install) --replace >change; echo $?; undo change; readlink /etc/binfmt.d/qemu-aarch64.conf
            """)
        #expect(trial.parts == ["1\n", "0\n/dev/null\n"], "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("masked"))
    }

    @Test(
        "a file that would lose at boot is not written",
        .enabled(if: usesSystemd, "needs systemd-binfmt, and no update-binfmts"))
    func loses() throws {
        let trial = try HandlerTrial(
            Self.vendor
                + """
                \(Self.install) --name aaa; echo $?; mark; state; mark
                \(Self.install) --name zzz >/dev/null; echo $?; \(Self.systemd) 2>/dev/null; state | sed -n 2p
                """)
        #expect(trial.parts == ["1\n", "enabled\n", "0\n== zzz\n"], "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("/usr/lib/binfmt.d/qemu-aarch64.conf"))
    }

    @Test(
        "where the file cannot be written, the registration is undone",
        .enabled(if: usesSystemd, "needs systemd-binfmt, and no update-binfmts"),
        .enabled(if: Here.isRoot, "needs root: an ordinary user may not remount what he did not mount"))
    func rollsBack() throws {
        let trial = try HandlerTrial(
            "mount -o remount,ro /etc/binfmt.d; \(Self.install); echo $?; mark; state")
        #expect(trial.parts == ["2\n", "enabled\n"], "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("EROFS"))
    }

    @Test(
        "through update-binfmts: kept in its database, and undone by what is printed",
        .enabled(if: usesDatabase, "needs binfmt-support"))
    func database() throws {
        let trial = try HandlerTrial(
            """
            \(Self.install) >change; echo $?; mark; state; cat /var/lib/binfmts/*; mark
            printf -- -1 >$registry/qemu-aarch64; update-binfmts --enable; state; mark
            undo change; state; ls /var/lib/binfmts; mark
            \(Self.install) >/dev/null
            assay handler remove --persist >change; echo $?; state; ls /var/lib/binfmts; mark
            undo change; state
            """)
        #expect(trial.parts[0] == "0\n" && trial.parts[1].contains("flags: POCF"), "\(trial.outcome)")
        #expect(trial.parts[1].contains("\nassay\nmagic\n") && trial.parts[2].contains("flags: POCF"))
        #expect(trial.parts[3] == "enabled\n" && trial.parts[4] == "0\nenabled\n")
        #expect(trial.parts[5].contains("flags: POCF"))
    }

    @Test(
        "a package's record gives way only with --replace, and comes back by what is printed",
        .enabled(if: usesDatabase, "needs binfmt-support"))
    func record() throws {
        let magic = #"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00"#
        let trial = try HandlerTrial(
            """
            set -- --package other --install qemu-aarch64 \(Self.qemu)
            update-binfmts "$@" --magic '\(magic)' --offset 0 --fix-binary yes
            all() { state; head -1 /var/lib/binfmts/*; }; all; mark
            \(Self.install); echo $?; mark
            \(Self.install) --replace >change; echo $?; state; mark; undo change; all
            """)
        #expect(trial.parts[1] == "1\n" && trial.parts[2].hasPrefix("0\n"), "\(trial.outcome)")
        #expect(trial.parts[2].contains("flags: POCF"))
        #expect(trial.parts[3] == trial.parts[0] && trial.parts[0].contains("\nother\n"))
    }
}
