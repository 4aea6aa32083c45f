/// One thing that was judged.
public struct Check: Sendable, Equatable, Codable {
    /// The kind of thing that was judged.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case host, probe, builder, artifact
        /// A scenario's step, compared with its expectation.
        case step
    }

    public var id: String
    public var kind: Kind
    /// The image of a probe; nil for other kinds.
    public var image: String?
    /// The venue of a probe, or the object of another check: a builder, an artifact.
    public var venue: String?
    public var outcome: Outcome
    /// How long the check took; zero if nothing was run.
    public var duration: Duration
    /// How often it was tried.
    public var attempts: Int
    /// How often it failed, if it was repeated to measure that.
    public var failureRate: FailureRate?
    /// What was seen, or why it was skipped or could not be found out, in one line.
    public var detail: String
    /// The codes of the findings that explain a failure, or that this check brought up.
    public var findings: [FindingCode]
    /// The finding that it cannot pass before it is mended: it was not made. Its outcome is `skip`.
    public var follows: FindingCode?
    /// The platform whose programs were to run or to be built: `linux/arm64`; nil where it is about no one platform.
    public var platform: String?
    /// How the detail of a check begins that follows from a finding.
    public static let consequence = "follows from "

    /// Makes it one that was not made, for it cannot pass before a finding is mended.
    public mutating func follow(_ code: FindingCode) {
        outcome = .skip
        detail = Self.consequence + code.rawValue
        follows = code
    }

    public init(
        id: String, kind: Kind, image: String? = nil, venue: String? = nil, outcome: Outcome,
        duration: Duration = .zero, attempts: Int = 1, failureRate: FailureRate? = nil, detail: String = "",
        findings: [FindingCode] = []
    ) {
        self.id = id
        self.kind = kind
        self.image = image
        self.venue = venue
        self.outcome = outcome
        self.duration = duration
        self.attempts = attempts
        self.failureRate = failureRate
        self.detail = detail
        self.findings = findings
    }

    /// The name by which findings refer to a check: `exec.static@chroot`.
    public var reference: String { venue.map { "\(id)@\($0)" } ?? id }
}
