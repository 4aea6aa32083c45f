/// Identifies a file: different paths to one file have the same device and inode.
public struct FileIdentity: Sendable, Equatable {
    /// The path as read. For a deleted file the kernel appends ` (deleted)`.
    public var path: String
    /// `st_dev` of stat(2).
    public var device: UInt64
    /// `st_ino` of stat(2).
    public var inode: UInt64

    public init(path: String, device: UInt64, inode: UInt64) {
        self.path = path
        self.device = device
        self.inode = inode
    }

    public func isSameFile(as other: FileIdentity) -> Bool { device == other.device && inode == other.inode }
}
