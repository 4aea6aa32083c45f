/// Bounds on what is read from one archive, and on the work done for it. Each is a hard limit: exceeding one ends the
/// reading with `ArchiveError.Code.overLimit`, which gives its name for `--limit`.
public struct ArchiveLimits: Sendable, Equatable {
    /// The most entries, of every kind.
    public var entries: Int
    /// The most bytes, after decompression, counting a sparse file at its full size.
    public var bytes: UInt64
    /// The longest path or link target, in bytes.
    public var pathBytes: Int
    /// The most bytes from a compressed stream for each byte in, and of sparse files' holes for each byte of the
    /// archive. Applies beyond `ratioFloor` bytes, since small streams of zeros compress extremely well.
    public var ratio: UInt64
    /// The bytes that a compressed stream, or holes, may yield before `ratio` applies.
    public var ratioFloor: UInt64
    /// The most bytes of headers for one entry: extended headers, long names, maps of sparse files.
    public var headerBytes = 1 << 20
    /// The largest window, or dictionary, of a compressed stream, in bytes. Streams read at the same time share memory
    /// for windows: see `WindowPool`.
    public var windowBytes: UInt64 = 128 << 20
    /// The most bytes kept of names, link targets, and what ELF files and scripts say; nil: 512 for each entry allowed,
    /// at most 96 MiB.
    public var nameBytes: Int?
    /// The most steps in applying layers and finding files: one for each entry, and one for each component of a path
    /// walked.
    public var steps = 50_000_000
    /// The most bytes of JSON documents; a document counts each time it is decoded.
    public var documentBytes = 64 << 20

    public init(
        entries: Int = 2_000_000, bytes: UInt64 = 256 << 30, pathBytes: Int = 4096, ratio: UInt64 = 500,
        ratioFloor: UInt64 = 64 << 20
    ) {
        self.entries = entries
        self.bytes = bytes
        self.pathBytes = pathBytes
        self.ratio = ratio
        self.ratioFloor = ratioFloor
    }
}

extension ArchiveLimits {
    /// The names under which limits are set, for messages.
    public static let names = "entries, bytes, path, ratio, headers, window, names, steps, documents"

    /// Sets a limit by its name.
    ///
    /// - Returns: false if no limit has that name.
    public mutating func set(_ name: String, to value: Int) -> Bool {
        switch name {
        case "entries": entries = value
        case "bytes": bytes = UInt64(value)
        case "path": pathBytes = value
        case "ratio": ratio = UInt64(value)
        case "headers": headerBytes = value
        case "window": windowBytes = UInt64(value)
        case "names": nameBytes = value
        case "steps": steps = value
        case "documents": documentBytes = value
        default: return false
        }
        return true
    }
}
