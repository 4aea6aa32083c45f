/// Bytes that are pulled a chunk at a time, so that archives inside archives are read without being stored.
///
/// A source is used by one thread at a time.
public protocol ByteSource: AnyObject {
    /// What errors call these bytes: a path, or where in which archive they are.
    var name: String { get }

    /// The next bytes, or an empty buffer at the end and ever after. The buffer is valid until the next call.
    ///
    /// - Throws: `ArchiveError`, and then again at every later call.
    func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer
}

/// A source that can pass over bytes without reading them.
protocol SkippingByteSource: ByteSource {
    /// Passes over bytes.
    ///
    /// - Returns: how many: fewer than `count`, or none, where there are not as many left or they have to be read.
    func skip(_ count: UInt64) -> UInt64
}

extension ByteSource {
    /// Reads what is left and throws it away, so that digests over the whole of a source are complete.
    ///
    /// - Returns: the number of bytes that were left.
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
    /// - Throws: `ArchiveError.Code.overLimit` where that is more than `limit` bytes.
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

/// Bytes that are in memory already.
public final class MemorySource: ByteSource {
    /// Decompressors count what they are given in 32 bits.
    private static let chunkSize = 1 << 20

    public let name: String
    private var rest: UnsafeRawBufferPointer
    private let copy: UnsafeMutableRawBufferPointer?

    /// - Parameter bytes: must stay valid for as long as the source, and what was made of it, is used.
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
