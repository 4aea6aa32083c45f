public import Binfmt
public import ELF

/// What happened when an artifact's entrypoint, or another command in it, was run. Nothing here is judged.
public struct EntrypointEvidence: Sendable, Equatable {
    /// How the program ended, or why it was not started.
    public enum Result: Sendable, Equatable {
        case ended(ProgramEnd)
        /// The image has no such program.
        case notFound
        /// The image names a user that is missing from its etc/passwd.
        case unknownUser(String)
        /// Nothing was started, for this reason.
        case notRun(reason: String)
    }

    /// The program in the image, and how this host runs such programs.
    public struct Program: Sendable, Equatable {
        /// The machine that its code is for; nil unless it is an ELF file, or a script that one runs.
        public var target: ELFTarget?
        /// Whether the host's processor executes such programs itself.
        public var isNative: Bool
        /// The binfmt_misc entry that takes such programs.
        public var handler: Handler?
        /// The file of that entry's interpreter.
        public var interpreter: FileIdentity?
        /// The program in the unpacked image, and a script's interpreters.
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
    /// The target that the platform's programs must have.
    public var wanted: ELFTarget?
    public var venue: Venue
    public var command: [String]
    public var result: Result
    /// Nil if the image has no such program, or if nothing was started.
    public var program: Program?
    /// The image's user, if the venue cannot become that user.
    public var missingUser: String?
    /// How the venue isolates less than the best one, for people; nil if it does not.
    public var shortfall: String?
    public var output = ""
    public var errors = ""
    /// The file that the kernel ran as the program; nil if the program ended before that was read.
    public var executed: FileIdentity?
    /// The smallest probe in the same venue, run if `needsProof`.
    public var proof: ProbeEvidence?
    /// The exit status that passes.
    public var expectedStatus: Int32 = 0
    /// The standard output that passes; nil: any.
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

    /// Whether a probe must confirm that the program itself ran. Not if the processor ran it natively, or if it printed
    /// the expected output.
    public var needsProof: Bool {
        guard program?.isNative != true else { return false }
        switch result {
        case .ended(.exited(let status)): return status != expectedStatus || !hasExpectedOutput
        case .ended(.signalled), .ended(.hung): return true
        default: return false
        }
    }

    /// Whether it printed the expected output, if any was expected. Newlines at the end do not count: people do not
    /// type them.
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

    /// The name by which findings refer to the check.
    public var reference: String { "artifact.entrypoint@\(name)" }
}
