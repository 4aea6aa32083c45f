/// A file compared with the one that it must be equal to, byte for byte.
public struct ComparisonEvidence: Sendable, Equatable {
    /// The first place where they differ.
    public struct Difference: Sendable, Equatable {
        /// In the file, in bytes.
        public var offset: UInt64
        /// Nil where that file has ended.
        public var found, expected: UInt8?
        /// Section and symbol of an ELF file; nil elsewhere.
        public var place: String?
        /// How many bytes differ, those that one of the files lacks included.
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
        /// One is a symbolic link, and the other is none, or another one.
        case otherKind(found: String, expected: String)
        /// One of the two has no such file.
        case missing(from: String)
        /// A file could not be read.
        case unreadable(reason: String)
    }

    /// The file in question, and the one that it is held against.
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
