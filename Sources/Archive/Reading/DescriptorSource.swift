import Files
import Glibc
public import SystemPackage

/// Bytes read from a file descriptor: a file, a pipe, standard input.
public final class DescriptorSource: SkippingByteSource {
    public let name: String
    private let descriptor: Int32
    /// Set if the descriptor is closed with the source.
    private let owned: OwnedDescriptor?
    private let buffer: UnsafeMutableRawBufferPointer
    private var failure: ArchiveError?
    private var ended = false
    /// The size of a regular file. Only in those can bytes be skipped.
    private let regularSize: off_t?

    /// - Parameters:
    ///   - descriptor: read from its current position on; it stays open.
    ///   - name: its name in errors.
    ///   - chunkSize: the most bytes in one chunk.
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

    /// Opens a file, to be read from its beginning. Opening does not wait for a pipe's writer; reading does, and can be
    /// stopped.
    public convenience init(file: FilePath) throws(ArchiveError) {
        let opened = SystemError.retrying { file.withPlatformString { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) } }
        guard opened >= 0 else { throw ArchiveError(opening: file.string, errno: errno) }
        self.init(OwnedDescriptor(opened), name: file.string)
    }

    /// Opens a file that can be read more than once.
    ///
    /// - Throws: `ArchiveError.Code.io`, also for anything but a regular file.
    public convenience init(regularFile file: FilePath) throws(ArchiveError) {
        try self.init(file: file)
        guard regularSize != nil else {
            throw ArchiveError(
                .io, archive: file.string, expected: "a regular file, for it is read more than once",
                found: "a directory, a pipe or a device")
        }
    }

    deinit {
        buffer.deallocate()
    }

    public func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        if let failure { throw failure }
        if ended { return UnsafeRawBufferPointer(start: nil, count: 0) }
        var count: Int
        repeat {
            try Cancellation.check(descriptor, name: name)
            count = read(descriptor, buffer.baseAddress, buffer.count)
        } while count < 0 && (errno == EINTR || errno == EAGAIN)
        guard count >= 0 else {
            let error = ArchiveError(archive: name, doing: "read", errno: errno)
            failure = error
            throw error
        }
        ended = count == 0
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
    }

    /// Seeks in a regular file. Small skips are left to reading, since the kernel reads ahead anyway.
    func skip(_ count: UInt64) -> UInt64 {
        guard count > UInt64(buffer.count), let size = regularSize else { return 0 }
        let position = lseek(descriptor, 0, SEEK_CUR)
        guard position >= 0, position < size else { return 0 }
        let skipped = min(off_t(clamping: count), size - position)
        return lseek(descriptor, skipped, SEEK_CUR) >= 0 ? UInt64(skipped) : 0
    }
}
