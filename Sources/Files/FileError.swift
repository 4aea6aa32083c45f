public import SystemPackage

/// Why a file could not be read or written: what was being done, to what, what was expected and what was found.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    public var action: String
    public var path: String
    public var expected: String
    public var found: String
    /// The error of a failed system call; nil: none failed.
    public var errno: Errno?

    public init(_ action: String, _ path: String, expected: String, found: String) {
        self.action = action
        self.path = path
        self.expected = expected
        self.found = found
    }

    /// A system call that failed.
    public init(_ action: String, _ path: String, errno: Errno) {
        self.init(action, path, expected: "success", found: errno.description)
        self.errno = errno
    }

    /// The description without action and path.
    public var reason: String { errno == nil ? "expected \(expected), found \(found)" : found }

    public var description: String { "\(action) \(path): \(reason)" }
}
