public import Glibc
public import SystemPackage

/// A failed system call, named for people: an errno alone does not say what failed.
public struct CallFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The call's name, and its object if that helps: `mkdir /tmp/assay-x/rootfs`.
    public var call: String
    public var errno: Errno

    public init(_ call: String, _ errno: Errno) {
        self.call = call
        self.errno = errno
    }

    public var description: String { "\(call): \(errno)" }

    /// Calls `body`, and adds the call's name to an `Errno` that it throws.
    ///
    /// - Throws: `CallFailure` for an `Errno`; any other error of `body` as it is.
    public static func naming<Result>(_ call: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as Errno { throw CallFailure(call, error) }
    }
}

/// Makes a directory that must not exist yet.
///
/// - Throws: `CallFailure`.
public func makeDirectory(_ path: FilePath, mode: mode_t = 0o700) throws(CallFailure) {
    guard mkdir(path.string, mode) == 0 else { throw CallFailure("mkdir \(path)", Errno(rawValue: errno)) }
}
