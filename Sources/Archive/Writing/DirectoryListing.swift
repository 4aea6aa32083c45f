import CArchive
import Files
import Glibc

/// The names in a directory, without `.` and `..`.
///
/// The C library's `readdir` takes a descriptor of its own and several system calls more for each directory; trees of
/// many small directories are checked before every run.
///
/// Source: <https://man7.org/linux/man-pages/man2/getdents.2.html>
final class DirectoryListing {
    struct Entry {
        let name: [UInt8]
        /// False only where the file system says that it is something else.
        let mayBeDirectory: Bool
        /// True only where the file system says so.
        let isDirectory: Bool
    }

    private static let nameOffset = 19
    private static let typeOffset = 18
    private static let lengthOffset = 16

    private let directory: OwnedDescriptor
    private let buffer: UnsafeMutableRawBufferPointer
    private var filled = 0
    private var position = 0

    /// Lists from the descriptor's current position, which is the beginning for one that was just opened.
    init(_ directory: OwnedDescriptor) {
        self.directory = directory
        buffer = .allocate(byteCount: 16 << 10, alignment: 16)
    }

    deinit {
        buffer.deallocate()
    }

    /// The next name, or nil at the end.
    ///
    /// - Throws: `Errno`'s number where the directory cannot be read.
    func next() throws(ListingError) -> Entry? {
        while true {
            if position >= filled {
                filled = Int(assay_getdents64(directory.value, buffer.baseAddress, buffer.count))
                position = 0
                guard filled >= 0 else { throw ListingError(number: errno) }
                guard filled > 0 else { return nil }
            }
            let record = UnsafeRawBufferPointer(rebasing: buffer[position..<filled])
            guard record.count > Self.nameOffset else { throw ListingError(number: EIO) }
            let length = Int(record.loadUnaligned(fromByteOffset: Self.lengthOffset, as: UInt16.self))
            guard length > Self.nameOffset, length <= record.count else { throw ListingError(number: EIO) }
            position += length
            let name = Array(record[Self.nameOffset..<length].prefix { $0 != 0 })
            if name == [UInt8(ascii: ".")] || name == [UInt8(ascii: "."), UInt8(ascii: ".")] { continue }
            let type = Int(record[Self.typeOffset])
            return Entry(
                name: name, mayBeDirectory: type == Int(DT_DIR) || type == Int(DT_UNKNOWN),
                isDirectory: type == Int(DT_DIR))
        }
    }
}

/// A directory could not be listed: the `errno` says why.
struct ListingError: Error {
    let number: Int32
}
