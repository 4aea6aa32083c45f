/// The contents of an archive's current entry, so that an archive inside it can be read in the same pass.
public final class EntrySource: ByteSource {
    public let name: String
    private let reader: ArchiveReader
    private let size: UInt64
    private var position: UInt64 = 0
    /// A part that follows a hole that was not passed on yet.
    private var waiting: (offset: UInt64, bytes: UnsafeRawBufferPointer)?
    /// Allocated for the first hole.
    private var zeros: UnsafeMutableRawBufferPointer?

    init(_ reader: ArchiveReader, entry: ArchiveEntry) {
        self.reader = reader
        size = entry.size
        name = "\(reader.name): \(entry.path)"
    }

    deinit {
        zeros?.deallocate()
    }

    public func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        if waiting == nil { waiting = try reader.nextPart() }
        guard let part = waiting else { return try hole(upTo: size) }
        guard part.offset >= position else {
            throw ArchiveError(
                .corrupt, archive: name, expected: "contents from offset \(position) on", found: "offset \(part.offset)"
            )
        }
        guard part.offset == position else { return try hole(upTo: part.offset) }
        waiting = nil
        position += UInt64(part.bytes.count)
        return part.bytes
    }

    private func hole(upTo end: UInt64) throws(ArchiveError) -> UnsafeRawBufferPointer {
        guard end > position else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        // Zeros need no read, which would notice an interrupt.
        try Cancellation.check(name: name)
        let zeros = self.zeros ?? Self.allocateZeros()
        self.zeros = zeros
        let count = Int(min(UInt64(zeros.count), end - position))
        position += UInt64(count)
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(zeros)[..<count])
    }

    private static func allocateZeros() -> UnsafeMutableRawBufferPointer {
        let zeros = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        zeros.initializeMemory(as: UInt8.self, repeating: 0)
        return zeros
    }
}
