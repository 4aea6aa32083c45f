/// Bounds on what is read from one archive. Each is a hard limit: what exceeds it ends the reading with
/// `ArchiveError.Code.overLimit`.
public struct ArchiveLimits: Sendable, Equatable {
    /// The most entries, of every kind.
    public var entries: Int
    /// The most bytes, after decompression, counting a sparse file at its full size.
    public var bytes: UInt64
    /// The longest path or link target, in bytes.
    public var pathBytes: Int
    /// The most bytes out of a compressed stream for each byte in, and of sparse files' holes for each byte of the archive.
    /// Applied once `ratioFloor` bytes have come out, since small streams of zeros compress extremely well.
    public var ratio: UInt64
    /// How many bytes may come out of a compressed stream, or of holes, before `ratio` applies.
    public var ratioFloor: UInt64

    public init(
        entries: Int = 4_000_000, bytes: UInt64 = 256 << 30, pathBytes: Int = 4096, ratio: UInt64 = 500,
        ratioFloor: UInt64 = 64 << 20
    ) {
        self.entries = entries
        self.bytes = bytes
        self.pathBytes = pathBytes
        self.ratio = ratio
        self.ratioFloor = ratioFloor
    }
}
