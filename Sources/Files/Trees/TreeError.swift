import SystemPackage

/// Why a directory tree could not be removed: which, what was expected and what was found.
public struct TreeError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The tree, as the caller named it.
    public var path: String
    public var expected: String
    public var found: String

    init(_ path: String, expected: String, found: String) {
        self.path = path
        self.expected = expected
        self.found = found
    }

    /// A system call that failed.
    init(_ path: String, doing action: String, errno: Errno) {
        self.init(path, expected: "to \(action)", found: errno.description)
    }

    public var description: String {
        expected.hasPrefix("to ")
            ? "\(path): failed \(expected): \(found)" : "\(path): expected \(expected), found \(found)"
    }
}
