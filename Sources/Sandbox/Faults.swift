import CSandbox
public import SystemPackage

/// What drills do to the namespaces of their own process. Call only after `PrivateRegistry.enter`.
public enum Faults {
    /// - Throws: `Errno` of mount(2).
    public static func mountEmpty(on target: FilePath, noexec: Bool = false) throws {
        try check(assay_mount_tmpfs(target.string, noexec))
    }

    /// - Throws: `Errno` of mount(2).
    public static func makeReadOnly(_ target: FilePath) throws {
        try check(assay_mount_read_only(target.string))
    }

    /// Gives up every capability of this process.
    ///
    /// - Throws: `Errno` of capset(2).
    public static func dropCapabilities() throws {
        try check(assay_drop_capabilities())
    }

    private static func check(_ error: Int32) throws {
        if error != 0 { throw Errno(rawValue: error) }
    }
}
