import Sandbox
import Testing

/// A container's mark is what engines put there; with a real engine: ci/steps/release-image.
@Suite("assay handler in a container", .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
struct HandlerContainerTests {
    private static let install = "assay handler install --interpreter \(PrivateHost.qemu ?? "")"
    /// What engines give a container: a file, and a namespace besides those of mounts and users.
    private static let marked =
        "mount -t tmpfs none /run; : >/run/.containerenv; cover; assay() { unshare --uts \"$0\" \"$@\"; }; "

    @Test("mounts the registry, and says what stays when the container ends") func installs() throws {
        let trial = try HandlerTrial(
            "\(Self.marked)\(Self.install) >change; echo $?; mark; cat change; mark; undo change; state")
        #expect(trial.parts[0] == "0\n", "\(trial.outcome)")
        #expect(trial.parts[1].contains("proved itself, in this container and in an empty root"), "\(trial.outcome)")
        #expect(trial.parts[1].contains("  mount -t binfmt_misc") && !trial.parts[1].contains("umount"))
        #expect(trial.outcome.errors.contains("in a container ("), "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("the entry stays"), "\(trial.outcome)")
        // What is printed takes the entry back, and unmounts nothing.
        #expect(trial.parts[2] == "enabled\n", "\(trial.outcome)")
    }

    @Test("without F, says that the interpreter goes with the container") func withoutF() throws {
        let trial = try HandlerTrial("\(Self.marked)\(Self.install) --flags POC; echo $?")
        #expect(trial.parts[0].hasSuffix("\n0\n"), "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("without F the kernel opens"), "\(trial.outcome)")
    }

    @Test("list and remove find the host's registry, which nobody has mounted there") func others() throws {
        let trial = try HandlerTrial(
            PrivateHost.register(flags: "F")
                + "\(Self.marked)assay handler list; mark; umount $registry; assay handler remove; echo $?; mark; state"
        )
        #expect(trial.parts[0].contains("qemu-aarch64") && trial.parts[0].contains("*"), "\(trial.outcome)")
        #expect(trial.parts[1].hasSuffix("\n0\n") && trial.parts[2] == "enabled\n", "\(trial.outcome)")
    }

    @Test("outside of one, remove mounts nothing") func outside() throws {
        let trial = try HandlerTrial("cover; assay handler remove; echo $?; mark; ls $registry")
        #expect(trial.parts == ["1\n", ""], "\(trial.outcome)")
    }

    @Test("an engine's file alone is no container: a virtual machine may be made from an image") func fileAlone() throws
    {
        let trial = try HandlerTrial(
            "mount -t tmpfs none /run; : >/run/.containerenv; cover; assay handler remove; echo $?; mark; ls $registry")
        #expect(trial.parts == ["1\n", ""], "\(trial.outcome)")
    }
}
