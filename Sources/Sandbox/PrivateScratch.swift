import CSandbox

/// A place for scratch directories where no directory of the host can be written to.
public enum PrivateScratch {
    /// Mounts an empty file system on `/tmp` that only this process and its children see. Takes root, and a process of one thread.
    ///
    /// - Returns: whether it is there.
    public static func mount() -> Bool { assay_mount_private("/tmp") == 0 }
}
