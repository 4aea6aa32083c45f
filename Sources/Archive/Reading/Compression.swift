/// How a stream is compressed.
public enum Compression: String, Sendable, CaseIterable {
    case none
    case gzip
    case zstd
    case xz

    /// The number of first bytes needed to recognise the compression.
    public static let magicSize = 6

    /// Recognises the compression by a stream's first bytes.
    public init(magic: some Collection<UInt8>) {
        let magic = Array(magic.prefix(Self.magicSize))
        if magic.starts(with: [0x1f, 0x8b]) {
            self = .gzip
        } else if magic.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) || Self.isSkippableZstdFrame(magic) {
            self = .zstd
        } else if magic.starts(with: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) {
            self = .xz
        } else {
            self = .none
        }
    }

    static func isSkippableZstdFrame(_ magic: [UInt8]) -> Bool {
        magic.count >= 4 && magic[0] & 0xf0 == 0x50 && magic[1...].starts(with: [0x2a, 0x4d, 0x18])
    }
}

/// The bytes of a stream after decompression, within limits.
public final class DecompressedSource: ByteSource {
    /// How the stream was compressed.
    public let compression: Compression
    /// Whether the first frame of zstd is one to be skipped. Not all readers recognise such a stream.
    public let startsWithSkippableFrame: Bool
    private let source: any ByteSource
    private let input: CountedSource
    private let limits: ArchiveLimits
    private var count: UInt64 = 0
    private var failure: ArchiveError?

    public var name: String { source.name }

    /// Recognises the compression by the first bytes. A stream that is not compressed passes unchanged.
    ///
    /// - Parameters:
    ///   - windows: shared by streams read at the same time, none of them inside another.
    ///   - takesPadding: whether zeros may stand behind a member of gzip: gzip(1) takes them, Go's programs do not.
    public init(
        _ upstream: any ByteSource, limits: ArchiveLimits = ArchiveLimits(), windows: WindowPool = WindowPool(),
        takesPadding: Bool = true
    ) throws(ArchiveError) {
        input = CountedSource(upstream)
        self.limits = limits
        let peeked = try PeekedSource(input, count: ArchiveForm.headSize)
        compression = Compression(magic: peeked.head)
        startsWithSkippableFrame = Compression.isSkippableZstdFrame(peeked.head)
        if case .unread(let format) = ArchiveForm(peeked.head) { throw .notRead(format, archive: upstream.name) }
        source =
            switch compression {
            case .none: peeked
            case .gzip: try GzipSource(peeked, takesPadding: takesPadding)
            case .zstd: try ZstdSource(peeked, limit: limits.windowBytes, windows: windows)
            case .xz: try XZSource(peeked, limit: limits.windowBytes, windows: windows)
            }
    }

    public func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        if let failure { throw failure }
        do throws(ArchiveError) {
            let chunk = try source.nextChunk()
            count += UInt64(chunk.count)
            try checkLimits()
            return chunk
        } catch {
            failure = error
            throw error
        }
    }

    private func checkLimits() throws(ArchiveError) {
        if count > limits.bytes {
            throw overLimit(expected: "at most \(limits.bytes) bytes (--limit bytes=N)", found: "more")
        }
        if count > limits.ratioFloor, compression != .none, count / max(input.count, 1) > limits.ratio {
            throw overLimit(
                expected: "at most \(limits.ratio) bytes for each compressed byte (--limit ratio=N)",
                found: "\(count) bytes from \(input.count)")
        }
    }

    private func overLimit(expected: String, found: String) -> ArchiveError {
        ArchiveError(.overLimit, archive: name, expected: expected, found: found)
    }
}
