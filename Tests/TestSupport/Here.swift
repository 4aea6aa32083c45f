import Evidence
import Glibc
import Sandbox
import SystemPackage

/// What this machine can do, and what this caller may do on it.
public enum Here {
    public static let isRoot = geteuid() == 0
    public static let isPrivileged = Sandbox.isPrivileged()
    /// Whether the caller has CAP_SETGID, CAP_SETUID and CAP_SYS_ADMIN, and ids besides its own.
    public static let mayMapIDs = effectiveCapabilities() & 0x20_00c0 == 0x20_00c0 && IdentityRange.pick() != nil
    public static let mayMakeContainers: Bool = {
        var launch = Launch(
            path: "/usr/bin/unshare", arguments: ["unshare", "-Urmpf", "true"], venue: .direct, timeout: .seconds(10))
        launch.environment = ["PATH": "/usr/bin:/bin"]
        return run(launch).reason == .exited(0)
    }()

    public static let isX86 = run(.shell("[ $(uname -m) = x86_64 ]")).reason == .exited(0)
    /// Whether an enabled entry for AArch64 executables is registered, or this machine needs none. Read without Assay's
    /// help: a bug of Assay's must fail tests, not skip them.
    public static let emulates: Bool = {
        let look = """
            case $(uname -m) in aarch64) exit 0;; esac
            cd /proc/sys/fs/binfmt_misc && [ "$(cat status)" = enabled ] || exit 1
            for entry in $(grep -ls '^magic 7f454c460201010000000000000000000200b7' *); do
                grep -qx enabled "$entry" && exit 0
            done
            exit 1
            """
        return run(.shell(look)).reason == .exited(0)
    }()
    public static let emulationReason = "no enabled handler for AArch64 programs is registered here"
    public static let hasBuildah = access("/usr/bin/buildah", X_OK) == 0 && isRoot
    public static let buildahReason = "needs buildah, and root for its storage"
}
