public import Guest

/// What a builder did when it was asked for an image. Nothing here is judged.
public struct BuilderEvidence: Sendable {
    public enum Result: Sendable {
        /// It built and exported; what was found in the artifact is in `artifacts`.
        case built
        /// Its program is not installed.
        case missing
        /// It is here, and cannot serve this caller: why.
        case unusable(BuilderObstacle)
        /// Its program failed: what was run, how it ended, and the last lines of what it said.
        case failed(command: String, status: String, message: [String])
        /// This context is not for this version of the tool: why.
        case notApplicable(reason: String)
        /// The harness could not find out.
        case lost(reason: String)
    }

    /// What the RUN step of one platform left in the image.
    public enum Proof: Sendable, Equatable {
        /// The step ran on that machine, with this build's nonce.
        case proven(machine: String)
        case missing
        /// It is there, and is not this build's or another machine's.
        case wrong(String)
        /// The step ran, with this build's nonce on that machine, and did not do what it should.
        case failed(String)
        /// The step ran, and could not find out what it was for: why.
        case undecided(String)

        public var isProven: Bool {
            if case .proven = self { true } else { false }
        }
    }

    public var builder: String
    /// Whose programs it is to build.
    public var guest: Guest
    /// The build context that was built: `run`, `hello`, `stages`, …
    public var context: String
    /// The user asked for this builder, so that its absence leaves the question open.
    public var required: Bool
    public var survey = BuilderSurvey()
    public var result: Result
    public var duration: Duration
    /// Platforms that were asked for.
    public var platforms: [String]
    /// The context has RUN steps, so that each platform must be proven.
    public var demandsProofs = true
    /// By platform, `linux/arm64`.
    public var proofs: [String: Proof]
    /// Which emulator ran the RUN step, by platform.
    public var emulators: [String: String] = [:]
    /// What a proven step met that it could do without, by platform.
    public var limitations: [String: ProbeNote] = [:]
    public var artifacts: [ArtifactEvidenceSummary]
    /// The limits that it lived under, where there were any.
    public var limits: LimitEvidence?

    /// - Parameter platforms: nil: the guest's, and this program's own.
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

    /// It was made to build, whatever came of it.
    public var wasTried: Bool {
        switch result {
        case .built, .failed: true
        case .missing, .unusable, .notApplicable, .lost: false
        }
    }

    /// Platforms whose programs really ran in this builder.
    public var proven: [String] { proofs.filter { $0.value.isProven }.map(\.key).sorted() }
}
