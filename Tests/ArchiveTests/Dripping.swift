import Archive

/// Passes bytes on in small pieces of varying size.
final class Dripping: ByteSource {
    let name = "dripping"
    private let bytes: UnsafeMutableRawBufferPointer
    private var position = 0
    private let most: Int

    /// - Parameter most: the largest piece.
    init(_ bytes: [UInt8], most: Int = 13) {
        self.most = most
        self.bytes = .allocate(byteCount: bytes.count, alignment: 1)
        self.bytes.copyBytes(from: bytes)
    }

    deinit {
        bytes.deallocate()
    }

    func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        let count = min(1 + position % most, bytes.count - position)
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
}
