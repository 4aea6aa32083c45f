import Archive
import Glibc
import SystemPackage

/// Bytes in pieces whose sizes depend on the input, as from pipes and compressed streams.
final class PiecewiseSource: ByteSource {
    let name: String
    private let bytes: UnsafeMutableRawBufferPointer
    private var position = 0
    private var size: Int

    init(_ bytes: [UInt8], name: String) {
        self.name = name
        // One allocation of exactly this size: the address sanitizer reports every read beyond it.
        self.bytes = .allocate(byteCount: bytes.count, alignment: 1)
        self.bytes.copyBytes(from: bytes)
        size = 1 + bytes.count % 61
    }

    deinit {
        bytes.deallocate()
    }

    func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        let count = min(size, bytes.count - position)
        defer { position += count }
        size = size % 1021 + 7
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
}

/// A file that lives in memory, for readers that seek.
final class MemoryFile {
    private let descriptor: Int32

    init(_ bytes: [UInt8]) {
        let name = "/dev/shm/assay-fuzz-file.\(getpid())"
        descriptor = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        unlink(name)
        require(descriptor >= 0 && write(descriptor, bytes, bytes.count) == bytes.count, "a file in memory")
        lseek(descriptor, 0, SEEK_SET)
    }

    deinit {
        close(descriptor)
    }

    var path: FilePath { FilePath("/proc/self/fd/\(descriptor)") }
}

extension ArchiveLimits {
    /// Small enough that no input can be slow by its size alone.
    static let small = ArchiveLimits(entries: 2000, bytes: 8 << 20, pathBytes: 4096, ratio: 500, ratioFloor: 1 << 20)
}
