public import SystemPackage

/// An error that may mean that an input file, which the user named, is not there or is not theirs to read.
public protocol InputError: Error {
    var lacksInput: Bool { get }
}

/// An input file that is not there, or not this user's to read.
public struct NoInput: InputError, CustomStringConvertible {
    public var path: String
    public var error: Errno

    public init(_ path: String, _ error: Errno) {
        self.path = path
        self.error = error
    }

    public var lacksInput: Bool { true }

    public var description: String {
        error == .noSuchFileOrDirectory ? "no such file: \(path)" : "\(path): \(error)"
    }
}

extension Errno {
    /// Whether opening a file failed for its name or its mode; anything else is the host's trouble.
    public var lacksInput: Bool {
        [
            .noSuchFileOrDirectory, .notDirectory, .permissionDenied, .notPermitted, .tooManySymbolicLinkLevels,
            .fileNameTooLong, .isDirectory,
        ].contains(self)
    }
}
