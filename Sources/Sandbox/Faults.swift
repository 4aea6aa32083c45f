import CSandbox
import Files
import Glibc
public import SystemPackage

/// What drills do to the namespaces of their own process. Call only after `PrivateRegistry.enter`.
public enum Faults {
    /// - Throws: `CallFailure`.
    public static func mountEmpty(on target: FilePath, noexec: Bool = false) throws {
        try check("mount \(target)", assay_mount_tmpfs(target.string, noexec))
    }

    /// Mounts an empty file system that holds no more than `bytes`.
    ///
    /// - Throws: `CallFailure`.
    public static func mountSmall(on target: FilePath, bytes: UInt64) throws {
        let flags = UInt(MS_NOSUID) | UInt(MS_NODEV)
        guard mount("tmpfs", target.string, "tmpfs", flags, "mode=700,size=\(bytes)") == 0 else {
            throw CallFailure("mount \(target)", Errno(rawValue: errno))
        }
    }

    /// - Throws: `CallFailure`.
    public static func makeReadOnly(_ target: FilePath) throws {
        try check("mount \(target) (read-only)", assay_mount_read_only(target.string))
    }

    /// Gives up every capability of this process but CAP_SETFCAP, without which root may not even map itself in a user namespace.
    ///
    /// - Throws: `CallFailure`.
    public static func dropCapabilities() throws {
        try check("capset", assay_drop_capabilities())
    }

    /// From here on no memory of this process or its children becomes executable that was writable: `MemoryDenyWriteExecute=` of systemd.
    ///
    /// - Throws: `CallFailure`, also where the kernel is older than Linux 6.3.
    public static func denyWriteExecute() throws {
        try check("prctl (PR_SET_MDWE)", assay_deny_write_execute())
    }

    private static func check(_ call: String, _ error: Int32) throws {
        if error != 0 { throw CallFailure(call, Errno(rawValue: error)) }
    }
}
