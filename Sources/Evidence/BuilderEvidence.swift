public import Guest

/// What a builder did when asked for an image. Nothing here is judged.
public struct BuilderEvidence: Sendable {
    /// What came out of the build.
    public enum Result: Sendable {
        /// It built and exported. `artifacts` says what the artifact holds.
        case built
        /// Its program is not installed.
        case missing
        /// It is installed, but cannot serve this caller.
        case unusable(BuilderObstacle)
        /// Its program failed: the command, how it ended, and its last lines of output.
        case failed(command: String, status: String, message: [String])
        /// Its program had not ended when its time was up: the command, the limit in words, and its last lines.
        case timedOut(command: String, limit: String, message: [String])
        /// The context does not apply to this version of the tool.
        case notApplicable(reason: String)
        /// Assay could not find out.
        case lost(reason: String)
    }

    /// The result of one platform's RUN step, read from the image.
    public enum Proof: Sendable, Equatable {
        /// The step ran on this machine, with this build's nonce.
        case proven(machine: String)
        case missing
        /// A proof exists, but from another build or another machine.
        case wrong(String)
        /// The step ran on the right machine, with this build's nonce, but did the wrong thing.
        case failed(String)
        /// The step ran, but could not decide its question, for this reason.
        case undecided(String)

        public var isProven: Bool {
            if case .proven = self { true } else { false }
        }
    }

    public var builder: String
    /// It was not tried, because no program of the guest starts where it would run one.
    public var isBlocked = false
    /// The guest whose programs it shall build.
    public var guest: Guest
    /// The context that was built: `run`, `hello`, `stages`, …
    public var context: String
    /// Whether the user asked for this builder. If so, its absence leaves the question open.
    public var required: Bool
    public var survey = BuilderSurvey()
    public var result: Result
    /// How long the build took.
    public var duration: Duration
    /// The requested platforms.
    public var platforms: [String]
    /// Whether the context has RUN steps, so that each platform needs a proof.
    public var demandsProofs = true
    /// The proofs by platform: `OS/ARCHITECTURE`.
    public var proofs: [String: Proof]
    /// The emulator that ran the RUN step, by platform.
    public var emulators: [String: String] = [:]
    /// A limitation that a proven step met but could do without, by platform.
    public var limitations: [String: ProbeNote] = [:]
    public var artifacts: [ArtifactEvidenceSummary]
    /// How the build ended in the user's own storage, if it was proven in a private one only.
    public var refusedStorage: Result?
    /// What the trial made and could not remove, for people.
    public var leftovers: [String] = []
    /// What else people should know of the trial.
    public var remarks: [String] = []
    /// The limits during the build; nil if there are none.
    public var limits: LimitEvidence?

    /// - Parameter platforms: nil: the guest's platform and that of this program.
    public init(
        builder: String, guest: Guest, context: String = "run", version: String? = nil, required: Bool = false,
        result: Result, duration: Duration = .zero, platforms: [String]? = nil, proofs: [String: Proof] = [:],
        artifact: ArtifactEvidenceSummary? = nil
    ) {
        self.builder = builder
        self.guest = guest
        self.context = context
        self.required = required
        self.result = result
        self.duration = duration
        self.platforms = platforms ?? guest.buildPlatforms
        self.proofs = proofs
        artifacts = artifact.map { [$0] } ?? []
        survey.version = version
    }

    /// Whether a build was started, with any result.
    public var wasTried: Bool {
        switch result {
        case .built, .failed, .timedOut: true
        case .missing, .unusable, .notApplicable, .lost: false
        }
    }

    /// In `emulators`: BuildKit ran the step with an emulator of its own, because it found no handler.
    public static let embeddedEmulator = "the builder's embedded emulator"
    /// In `emulators`: the kernel's handler ran the step.
    public static let registeredHandler = "registered handler"

    /// The platforms that were proven to run programs in this builder.
    public var proven: [String] { proofs.filter { $0.value.isProven }.map(\.key).sorted() }
}
