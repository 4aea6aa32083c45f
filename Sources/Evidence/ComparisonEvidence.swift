/// A file that was compared with its reference, byte for byte.
public struct ComparisonEvidence: Sendable, Equatable {
    /// The first place where they differ.
    public struct Difference: Sendable, Equatable {
        /// From the file's beginning, in bytes.
        public var offset: UInt64
        /// The two bytes; nil past the end of that file.
        public var found, expected: UInt8?
        /// Section and symbol in an ELF file; nil in other files.
        public var place: String?
        /// How many bytes differ. Bytes that only one file has count too.
        public var count: UInt64

        public init(offset: UInt64, found: UInt8?, expected: UInt8?, place: String? = nil, count: UInt64) {
            self.offset = offset
            self.found = found
            self.expected = expected
            self.place = place
            self.count = count
        }
    }

    /// Whether the two are equal, byte for byte.
    public enum Result: Sendable, Equatable {
        case equal(bytes: UInt64)
        case different(Difference)
        /// One is a symbolic link. The other is a file, or a link to another target.
        case otherKind(found: String, expected: String)
        /// One of the two does not exist.
        case missing(from: String)
        /// A file could not be read.
        case unreadable(reason: String)
    }

    /// The file, and its reference.
    public var name, reference: String
    public var result: Result
    /// How long the comparison took.
    public var duration: Duration

    public init(name: String, reference: String, result: Result, duration: Duration = .zero) {
        self.name = name
        self.reference = reference
        self.result = result
        self.duration = duration
    }
}
