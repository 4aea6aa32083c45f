/// One judged thing.
public struct Check: Sendable, Equatable, Codable {
    /// What sort of thing was judged.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case host, probe, builder, artifact
        /// A scenario's step, held against what was expected of it.
        case step
    }

    public var id: String
    public var kind: Kind
    public var image: String?
    public var venue: String?
    public var outcome: Outcome
    public var duration: Duration
    public var attempts: Int
    /// How often it failed, where it was repeated to learn that.
    public var failureRate: FailureRate?
    /// One line: what was seen, or why it was skipped or could not be found out.
    public var detail: String
    /// Codes of the findings that explain a failure, or that this check brought to light.
    public var findings: [FindingCode]

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

    /// `exec.static@chroot`: how findings refer to a check.
    public var reference: String { venue.map { "\(id)@\($0)" } ?? id }
}
