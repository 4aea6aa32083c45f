import Glibc

/// A symbolic link's target as bytes; nil if there is no link.
public func linkTarget(_ path: String) -> [UInt8]? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
        guard let start = buffer.baseAddress else { return nil }
        let length = readlink(path, start, buffer.count)
        return length < 0 ? nil : Array(UnsafeRawBufferPointer(start: start, count: length))
    }
}
