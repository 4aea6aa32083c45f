public import Binfmt
public import ELF

/// What happened when an artifact's entrypoint, or a command in it, was run. Nothing here is judged.
public struct EntrypointEvidence: Sendable, Equatable {
    public enum Result: Sendable, Equatable {
        case ended(ProgramEnd)
        /// The image has no such program.
        case notFound
        /// The image names a user that its own etc/passwd does not have.
        case unknownUser(String)
        /// Nothing was started, and why.
        case notRun(reason: String)
    }

    /// What the program in the image is, and what this host does with such programs.
    public struct Program: Sendable, Equatable {
        /// The machine whose instructions it consists of; nil for what is neither an ELF file nor a script for one.
        public var target: ELFTarget?
        /// The host's own processor executes such programs.
        public var isNative: Bool
        /// The entry that takes such programs.
        public var handler: Handler?
        public var interpreter: FileIdentity?
        /// The program in the unpacked image and, for a script, its interpreters.
        public var files: [FileIdentity]

        public init(
            target: ELFTarget?, isNative: Bool, handler: Handler? = nil, interpreter: FileIdentity? = nil,
            files: [FileIdentity] = []
        ) {
            self.target = target
            self.isNative = isNative
            self.handler = handler
            self.interpreter = interpreter
            self.files = files
        }
    }

    /// The artifact, as the user named it.
    public var name: String
    public var platform: String
    /// What the platform's programs must be.
    public var wanted: ELFTarget?
    public var venue: Venue
    public var command: [String]
    public var result: Result
    public var program: Program?
    /// The user that the image asks for and the venue cannot become.
    public var missingUser: String?
    /// What the venue does not keep the program from, for people.
    public var shortfall: String?
    public var output = ""
    public var errors = ""
    /// The file that ran as the program; nil where it had ended before anybody could look.
    public var executed: FileIdentity?
    /// The smallest probe in the same venue, where what came of the program shows nothing by itself.
    public var proof: ProbeEvidence?
    public var expectedStatus: Int32 = 0
    public var expectedOutput: String?
    public var duration = Duration.zero

    public init(
        name: String, platform: String, wanted: ELFTarget?, venue: Venue, command: [String], result: Result
    ) {
        self.name = name
        self.platform = platform
        self.wanted = wanted
        self.venue = venue
        self.command = command
        self.result = result
    }

    /// Whether only a proven probe tells the program's own doing from that of whatever ran in its place: not where the
    /// processor itself ran it, and not where it printed what only it can have printed.
    public var needsProof: Bool {
        guard program?.isNative != true else { return false }
        switch result {
        case .ended(.exited(let status)): return status != expectedStatus || !hasExpectedOutput
        case .ended(.signalled), .ended(.hung): return true
        default: return false
        }
    }

    /// It printed what was expected, and that is something. Programs end their output with a newline, and people do not
    /// type it.
    var hasExpectedOutput: Bool {
        guard let expectedOutput else { return false }
        let expected = Self.trimmed(expectedOutput)
        return !expected.isEmpty && expected == Self.trimmed(output)
    }

    /// A text without the newlines at its end.
    public static func trimmed(_ text: String) -> Substring {
        var text = text[...]
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }

    /// How findings refer to the check.
    public var reference: String { "artifact.entrypoint@\(name)" }
}
