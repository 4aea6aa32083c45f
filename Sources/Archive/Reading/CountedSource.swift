/// Passes bytes on and counts them.
public final class CountedSource: ByteSource {
    private let upstream: any ByteSource
    /// How many bytes have passed.
    public private(set) var count: UInt64 = 0

    public var name: String { upstream.name }

    public init(_ upstream: any ByteSource) {
        self.upstream = upstream
    }

    public func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        let chunk = try upstream.nextChunk()
        count += UInt64(chunk.count)
        return chunk
    }
}
