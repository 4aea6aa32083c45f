/// A file compared, byte for byte, with its reference.
public struct ComparisonEvidence: Sendable, Equatable {
    /// The first place where they differ.
    public struct Difference: Sendable, Equatable {
        /// Bytes from the file's beginning.
        public var offset: UInt64
        /// Nil past that file's end.
        public var found, expected: UInt8?
        /// Section and symbol of an ELF file; nil elsewhere.
        public var place: String?
        /// Number of differing bytes; bytes that only one file has count too.
        public var count: UInt64

        public init(offset: UInt64, found: UInt8?, expected: UInt8?, place: String? = nil, count: UInt64) {
            self.offset = offset
            self.found = found
            self.expected = expected
            self.place = place
            self.count = count
        }
    }

    public enum Result: Sendable, Equatable {
        case equal(bytes: UInt64)
        case different(Difference)
        /// One is a symbolic link; the other is a file, or links elsewhere.
        case otherKind(found: String, expected: String)
        /// One of the two has no such file.
        case missing(from: String)
        /// A file could not be read.
        case unreadable(reason: String)
    }

    /// The file, and the reference it is compared with.
    public var name, reference: String
    public var result: Result
    public var duration: Duration

    public init(name: String, reference: String, result: Result, duration: Duration = .zero) {
        self.name = name
        self.reference = reference
        self.result = result
        self.duration = duration
    }
}
