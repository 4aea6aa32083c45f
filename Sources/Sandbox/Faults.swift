import CSandbox
import Files
import Glibc
public import SystemPackage

/// Faults that drills make in the namespaces of their own process. Call these only after `PrivateRegistry.enter`.
public enum Faults {
    /// Mounts an empty file system.
    ///
    /// - Throws: `CallFailure`.
    public static func mountEmpty(on target: FilePath, noexec: Bool = false) throws {
        try check("mount \(target)", assay_mount_tmpfs(target.string, noexec))
    }

    /// Mounts an empty file system that holds at most `bytes`.
    ///
    /// - Throws: `CallFailure`.
    public static func mountSmall(on target: FilePath, bytes: UInt64) throws {
        let flags = UInt(MS_NOSUID) | UInt(MS_NODEV)
        guard mount("tmpfs", target.string, "tmpfs", flags, "mode=700,size=\(bytes)") == 0 else {
            throw CallFailure("mount \(target)", Errno(rawValue: errno))
        }
    }

    /// Makes a place, and all that is mounted below it, read-only.
    ///
    /// - Throws: `CallFailure`.
    public static func makeReadOnly(_ target: FilePath) throws {
        try check("mount \(target) (read-only)", assay_mount_read_only(target.string))
    }

    /// Gives up every capability of this process except CAP_SETFCAP, without which root may not even map itself in a
    /// user namespace.
    ///
    /// - Throws: `CallFailure`.
    public static func dropCapabilities() throws {
        try check("capset", assay_drop_capabilities())
    }

    /// Moves this process into a system container: root there sees the present registry's place, and an empty registry
    /// in it, to which it may not write.
    ///
    /// - Throws: `CallFailure`.
    public static func enterSystemContainer() throws {
        try check("unshare (a system container)", assay_enter_system_container())
    }

    /// Has the kernel count this process, and its children, among those of an ordinary user: limits on processes do not
    /// hold for root. An ordinary user's processes are counted anyway.
    ///
    /// - Throws: `CallFailure`.
    public static func countAsUser() throws {
        let error = assay_count_as_user(64_212)
        if error != EINVAL { try check("setresuid", error) }
    }

    /// From now on, memory of this process and its children that was writable cannot become executable, as with
    /// systemd's `MemoryDenyWriteExecute=`.
    ///
    /// - Throws: `CallFailure`, also on Linux before 6.3.
    public static func denyWriteExecute() throws {
        try check("prctl (PR_SET_MDWE)", assay_deny_write_execute())
    }

    private static func check(_ call: String, _ error: Int32) throws {
        if error != 0 { throw CallFailure(call, Errno(rawValue: error)) }
    }
}
