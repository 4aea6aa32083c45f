public import Glibc
public import SystemPackage

/// The address of a socket with a name in the file system (unix(7)).
public struct LocalAddress {
    private var address = sockaddr_un()
    private let length: Int

    /// - Parameter name: a path; with `@` as its first character an abstract name, as sd_notify(3) has it.
    /// - Throws: `.fileNameTooLong` above 107 bytes.
    public init(_ name: String) throws(Errno) {
        address.sun_family = sa_family_t(AF_UNIX)
        let size = MemoryLayout.size(ofValue: address.sun_path)
        guard name.utf8.count < size else { throw .fileNameTooLong }
        withUnsafeMutableBytes(of: &address.sun_path) {
            $0.copyBytes(from: name.utf8)
            if name.hasPrefix("@") { $0[0] = 0 }
        }
        // The zeros behind an abstract name would belong to it.
        length = MemoryLayout<sockaddr_un>.size - size + name.utf8.count + (name.hasPrefix("@") ? 0 : 1)
    }

    /// Calls `body` with what bind(2), connect(2) and sendto(2) take.
    public func with<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
        }
    }
}
