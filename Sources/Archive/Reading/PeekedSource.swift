/// Passes bytes on, and keeps a copy of the first ones.
public final class PeekedSource: ByteSource {
    private let upstream: any ByteSource
    private let copy: UnsafeMutableRawBufferPointer?
    private var pending: UnsafeRawBufferPointer
    /// The first `count` bytes, or all if there are fewer. Reading does not change them.
    public let head: [UInt8]

    public var name: String { upstream.name }

    /// - Parameter count: how many bytes to look at.
    /// - Throws: `ArchiveError` if the upstream source fails.
    public init(_ upstream: any ByteSource, count: Int) throws(ArchiveError) {
        self.upstream = upstream
        let first = try upstream.nextChunk()
        if first.count >= count || first.isEmpty {
            head = Array(first.prefix(count))
            pending = first
            copy = nil
            return
        }
        var bytes = Array(first)
        while bytes.count < count {
            let chunk = try upstream.nextChunk()
            if chunk.isEmpty { break }
            bytes.append(contentsOf: chunk)
        }
        head = Array(bytes.prefix(count))
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        copy.copyBytes(from: bytes)
        self.copy = copy
        pending = UnsafeRawBufferPointer(copy)
    }

    deinit {
        copy?.deallocate()
    }

    public func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        guard pending.isEmpty else {
            let chunk = pending
            pending = UnsafeRawBufferPointer(start: nil, count: 0)
            return chunk
        }
        return try upstream.nextChunk()
    }
}
