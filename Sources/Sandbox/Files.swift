import Glibc
import SystemPackage

/// Reads a small file whole; `/proc` files give no size beforehand. A pipe on which nothing comes can be interrupted.
///
/// - Parameter stops: whether a signal that asks to stop ends the reading; not where something is cleared away.
/// - Throws: `Errno` of open(2) or read(2), `Errno.interrupted` after a signal that asks to stop; `Errno.fileTooLarge` beyond `limit` bytes.
public func readWhole(_ path: String, limit: Int, stops: Bool = true) throws -> [UInt8] {
    func unlessStopped<Result>(_ call: () throws -> Result) throws -> Result {
        while true {
            if stops, Interrupt.signal != nil { throw Errno.interrupted }
            do { return try call() } catch Errno.interrupted {}
        }
    }
    let descriptor = try unlessStopped {
        try FileDescriptor.open(path, .readOnly, options: .closeOnExec, retryOnInterrupt: false)
    }
    defer { try? descriptor.close() }
    var bytes: [UInt8] = []
    while true {
        let chunk = try unlessStopped {
            try [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
                count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer), retryOnInterrupt: false)
            }
        }
        if chunk.isEmpty { return bytes }
        bytes += chunk
        if bytes.count > limit { throw Errno.fileTooLarge }
    }
}

/// Where a symbolic link leads, in its own bytes; nil where there is no link.
public func linkTarget(_ path: String) -> [UInt8]? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
        guard let start = buffer.baseAddress else { return nil }
        let length = readlink(path, start, buffer.count)
        return length < 0 ? nil : Array(UnsafeRawBufferPointer(start: start, count: length))
    }
}
