import Glibc
import SystemPackage

/// Reads a small file whole; `/proc` files give no size beforehand.
///
/// - Throws: `Errno` of open(2) or read(2); `Errno.fileTooLarge` beyond `limit` bytes.
public func readWhole(_ path: String, limit: Int) throws -> [UInt8] {
    let descriptor = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
    defer { try? descriptor.close() }
    var bytes: [UInt8] = []
    while true {
        let chunk = try [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
            count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        if chunk.isEmpty { return bytes }
        bytes += chunk
        if bytes.count > limit { throw Errno.fileTooLarge }
    }
}

/// Where a symbolic link leads, in its own words; nil where there is no link.
func linkTarget(_ path: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
        guard let start = buffer.baseAddress else { return nil }
        let length = readlink(path, start, buffer.count)
        return length < 0 ? nil : String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }
}
