/// Bytes that are read a chunk at a time, so that archives inside archives need not be stored.
///
/// A source is used by one thread at a time.
public protocol ByteSource: AnyObject {
    /// The name of these bytes in errors: a path, or an archive and an entry in it.
    var name: String { get }

    /// The next bytes, or an empty buffer at the end and from then on. The buffer is valid until the next call.
    ///
    /// - Throws: `ArchiveError`, and the same at every later call.
    func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer
}

/// A source that can skip bytes without reading them.
protocol SkippingByteSource: ByteSource {
    /// Skips bytes.
    ///
    /// - Returns: how many were skipped: fewer than `count`, or none, if fewer are left or they have to be read.
    func skip(_ count: UInt64) -> UInt64
}

extension ByteSource {
    /// Reads and discards what is left, so that digests cover the whole source.
    ///
    /// - Returns: the number of bytes that were left.
    /// - Throws: `ArchiveError`, as `nextChunk()`.
    @discardableResult
    public func drain() throws(ArchiveError) -> UInt64 {
        var count: UInt64 = 0
        while true {
            let chunk = try nextChunk()
            if chunk.isEmpty { return count }
            count += UInt64(chunk.count)
        }
    }

    /// Reads what is left into memory.
    ///
    /// - Throws: `ArchiveError.Code.overLimit` if that is more than `limit` bytes.
    public func readAll(limit: Int) throws(ArchiveError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let chunk = try nextChunk()
            if chunk.isEmpty { return bytes }
            guard chunk.count <= limit - bytes.count else {
                throw ArchiveError(
                    .overLimit, archive: name, expected: "at most \(limit) bytes",
                    found: "at least \(bytes.count + chunk.count)")
            }
            bytes.append(contentsOf: chunk)
        }
    }
}

/// Bytes in memory.
public final class MemorySource: ByteSource {
    /// Decompressors count their input in 32 bits.
    private static let chunkSize = 1 << 20

    public let name: String
    private var rest: UnsafeRawBufferPointer
    private let copy: UnsafeMutableRawBufferPointer?

    /// - Parameter bytes: must stay valid while the source, and anything made from it, is in use.
    public init(_ bytes: UnsafeRawBufferPointer, name: String) {
        self.name = name
        copy = nil
        rest = bytes
    }

    /// A source that keeps its own copy of `bytes`.
    public init(_ bytes: [UInt8], name: String) {
        self.name = name
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        copy.copyBytes(from: bytes)
        self.copy = copy
        rest = UnsafeRawBufferPointer(copy)
    }

    deinit {
        copy?.deallocate()
    }

    public func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        let count = min(rest.count, Self.chunkSize)
        let chunk = UnsafeRawBufferPointer(rebasing: rest[..<count])
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        return chunk
    }
}
