import Glibc
public import SystemPackage

/// Bytes read from a file descriptor: a file, a pipe, standard input.
public final class DescriptorSource: SkippingByteSource {
    public let name: String
    private let descriptor: Int32
    /// Set where the descriptor is closed together with the source.
    private let owned: OwnedDescriptor?
    private let buffer: UnsafeMutableRawBufferPointer
    private var failure: ArchiveError?
    private var ended = false
    /// The size of a regular file, which can be skipped in.
    private let regularSize: off_t?

    /// - Parameters:
    ///   - descriptor: read from its current position on; it stays open.
    ///   - name: what errors call it.
    ///   - chunkSize: the most bytes that one chunk has.
    public init(descriptor: Int32, name: String, chunkSize: Int = 256 << 10) {
        self.name = name
        self.descriptor = descriptor
        owned = nil
        regularSize = nil
        buffer = .allocate(byteCount: max(chunkSize, 512), alignment: 4096)
    }

    init(_ descriptor: OwnedDescriptor, name: String, chunkSize: Int = 256 << 10) {
        self.name = name
        self.descriptor = descriptor.value
        owned = descriptor
        regularSize = descriptor.status.flatMap { $0.isRegular ? $0.st_size : nil }
        buffer = .allocate(byteCount: max(chunkSize, 512), alignment: 4096)
    }

    /// Opens a file and reads it from its beginning.
    public convenience init(file: FilePath) throws(ArchiveError) {
        let opened = SystemError.retrying { file.withPlatformString { open($0, O_RDONLY | O_CLOEXEC) } }
        guard opened >= 0 else { throw ArchiveError(archive: file.string, doing: "open the file", errno: errno) }
        self.init(OwnedDescriptor(opened), name: file.string)
    }

    deinit {
        buffer.deallocate()
    }

    public func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        if let failure { throw failure }
        if ended { return UnsafeRawBufferPointer(start: nil, count: 0) }
        try Cancellation.check(descriptor, name: name)
        let count = SystemError.retrying { read(descriptor, buffer.baseAddress, buffer.count) }
        guard count >= 0 else {
            let error = ArchiveError(archive: name, doing: "read", errno: errno)
            failure = error
            throw error
        }
        ended = count == 0
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
    }

    /// Seeks in a regular file. Small skips are read: the kernel reads ahead anyhow.
    func skip(_ count: UInt64) -> UInt64 {
        guard count > UInt64(buffer.count), let size = regularSize else { return 0 }
        let position = lseek(descriptor, 0, SEEK_CUR)
        guard position >= 0, position < size else { return 0 }
        let skipped = min(off_t(clamping: count), size - position)
        return lseek(descriptor, skipped, SEEK_CUR) >= 0 ? UInt64(skipped) : 0
    }
}
