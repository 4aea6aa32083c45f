import Glibc

/// Bytes as the NUL-terminated strings that system calls take.
public enum CString {
    public static func length(_ pointer: UnsafePointer<CChar>) -> Int {
        strlen(pointer)
    }

    /// Calls `body` with `bytes` as a C string. A NUL in the bytes would end it early.
    @inlinable
    public static func with<Result>(_ bytes: some Collection<UInt8>, _ body: (UnsafePointer<CChar>) -> Result) -> Result
    {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { buffer in
            var index = 0
            for byte in bytes {
                buffer.initializeElement(at: index, to: CChar(bitPattern: byte))
                index += 1
            }
            buffer.initializeElement(at: index, to: 0)
            guard let base = buffer.baseAddress else { preconditionFailure("a buffer of at least one byte has a base") }
            return body(UnsafePointer(base))
        }
    }
}
