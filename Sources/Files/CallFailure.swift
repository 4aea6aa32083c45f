public import Glibc
public import SystemPackage

/// A system call that failed, for people: an errno alone tells nobody what it was about.
public struct CallFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Its name, and what it was for where that helps: `mkdir /tmp/assay-x/rootfs`.
    public var call: String
    public var errno: Errno

    public init(_ call: String, _ errno: Errno) {
        self.call = call
        self.errno = errno
    }

    public var description: String { "\(call): \(errno)" }

    /// Does what may throw an `Errno`, and throws that with the call's name.
    public static func naming<Result>(_ call: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as Errno { throw CallFailure(call, error) }
    }
}

/// Makes a directory that must not be there yet.
///
/// - Throws: `CallFailure`.
public func makeDirectory(_ path: FilePath, mode: mode_t = 0o700) throws(CallFailure) {
    guard mkdir(path.string, mode) == 0 else { throw CallFailure("mkdir \(path)", Errno(rawValue: errno)) }
}
