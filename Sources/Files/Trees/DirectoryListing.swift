import CFiles
import Glibc
public import SystemPackage

/// The names in a directory, without `.` and `..`.
///
/// The C library's `readdir` takes its own descriptor and several more system calls for each directory, and trees of
/// many small directories are checked before every run.
///
/// Source: <https://man7.org/linux/man-pages/man2/getdents.2.html>
public final class DirectoryListing {
    public struct Entry: Sendable {
        public let name: [UInt8]
        /// False only if the file system says that it is something else.
        public let mayBeDirectory: Bool
        /// True only if the file system says so.
        public let isDirectory: Bool

        public var text: String { String(decoding: name, as: UTF8.self) }
    }

    private static let nameOffset = 19
    private static let typeOffset = 18
    private static let lengthOffset = 16

    private let directory: OwnedDescriptor
    private let buffer: UnsafeMutableRawBufferPointer
    private var filled = 0
    private var position = 0

    /// Lists from the descriptor's current position, which is the beginning for one that was just opened.
    public init(_ directory: OwnedDescriptor) {
        self.directory = directory
        buffer = .allocate(byteCount: 16 << 10, alignment: 16)
    }

    deinit {
        buffer.deallocate()
    }

    /// Everything in a directory, in the kernel's order.
    ///
    /// - Throws: `Errno` of open(2) or getdents64(2).
    public static func entries(of path: String) throws(Errno) -> [Entry] {
        guard let directory = OwnedDescriptor(opened: open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC))
        else {
            throw Errno(rawValue: errno)
        }
        let listing = DirectoryListing(directory)
        var entries: [Entry] = []
        while let entry = try listing.next() { entries.append(entry) }
        return entries
    }

    /// The names in a directory, in the kernel's order.
    ///
    /// - Throws: `Errno`, as `entries(of:)` does.
    public static func names(in path: String) throws(Errno) -> [String] { try entries(of: path).map(\.text) }

    /// The next name, or nil at the end.
    ///
    /// - Throws: `Errno` if the directory cannot be read.
    public func next() throws(Errno) -> Entry? {
        while true {
            if position >= filled {
                filled = Int(assay_getdents64(directory.value, buffer.baseAddress, buffer.count))
                position = 0
                guard filled >= 0 else { throw Errno(rawValue: errno) }
                guard filled > 0 else { return nil }
            }
            let record = UnsafeRawBufferPointer(rebasing: buffer[position..<filled])
            guard record.count > Self.nameOffset else { throw .ioError }
            let length = Int(record.loadUnaligned(fromByteOffset: Self.lengthOffset, as: UInt16.self))
            guard length > Self.nameOffset, length <= record.count else { throw .ioError }
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
