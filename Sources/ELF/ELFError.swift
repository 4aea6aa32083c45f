/// Why bytes could not be read as ELF.
public struct ELFError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of error.
    public enum Code: Sendable {
        /// The file does not begin with ELF's magic number.
        case notELF
        /// The file, or the available part of it, ends before something that its headers point at.
        case truncated
        /// A field has a value that the specification does not allow.
        case malformed
        /// There is more of something than the limit for reading it, so the file is known only in part.
        case overLimit
    }

    public let code: Code
    /// The structure that was being read, for example `program header 3`.
    public let structure: String
    public let expected: String
    public let found: String

    public init(_ code: Code, reading structure: String, expected: String, found: String) {
        self.code = code
        self.structure = structure
        self.expected = expected
        self.found = found
    }

    public var description: String {
        "reading \(structure): expected \(expected), found \(found)"
    }
}
