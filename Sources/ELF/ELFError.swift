/// Why bytes could not be read as ELF: what was being read, what was expected there and what was found.
public struct ELFError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: Sendable {
        /// The file does not begin with ELF's magic number.
        case notELF
        /// The file, or the part of it that is at hand, ends before what its headers point at.
        case truncated
        /// A field has a value that the specification does not allow.
        case malformed
        /// There is more of something than is read: what the file says is not known in full.
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
