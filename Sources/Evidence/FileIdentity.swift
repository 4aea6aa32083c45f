/// Which file: two paths that lead to the same one have the same device and inode.
public struct FileIdentity: Sendable, Equatable {
    /// As found; the kernel adds ` (deleted)` to a link to a file that is gone.
    public var path: String
    public var device: UInt64
    public var inode: UInt64

    public init(path: String, device: UInt64, inode: UInt64) {
        self.path = path
        self.device = device
        self.inode = inode
    }

    public func isSameFile(as other: FileIdentity) -> Bool { device == other.device && inode == other.inode }
}
