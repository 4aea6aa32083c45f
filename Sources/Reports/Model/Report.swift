public import Evidence
public import Findings
public import Processes

/// The result of a command that judges, independent of the format.
public struct Report: Sendable {
    public var version: String
    public var command: String
    public var started: Timestamp
    public var duration: Duration
    /// The host as each guest finds it; empty for commands that do not look at the host.
    public var hosts: [HostEvidence]
    /// How long the judgement of each platform took, where several were judged.
    var durations: [String: Duration] = [:]
    /// What was requested from builders, and the results.
    public var builders: [BuilderEvidence]
    /// The artifacts that were read, including those that builders made, with the platform that was judged.
    var artifacts: [(platform: String?, summary: ArtifactEvidenceSummary)]
    /// Options chose among the checks: what was not chosen is not claimed.
    public var isPartial = false
    public var checks: [Check]
    /// When each step of a run began, after the run, by the step's id.
    public var begun: [String: Duration] = [:]
    public var findings: [Finding]
    public var verdict: Verdict
    /// Findings that are there and allowed, or were until lately.
    public var allowed: [AllowedFinding] = []

    public init(
        version: String, command: String, started: Timestamp, duration: Duration, evidence: CommandEvidence
    ) {
        let diagnosis = Diagnosis(evidence)
        self.version = version
        self.command = command
        self.started = started
        self.duration = duration
        hosts = [evidence.host].compactMap(\.self)
        builders = evidence.builders
        artifacts = (evidence.artifacts + evidence.builders.flatMap(\.artifacts)).map { (evidence.platform, $0) }
        checks = diagnosis.checks
        findings = diagnosis.findings
        verdict = diagnosis.verdict
    }

    /// The host as the first guest finds it; nil for commands that do not look at the host.
    public var host: HostEvidence? {
        get { hosts.first }
        set { hosts = [newValue].compactMap(\.self) }
    }

    public var summary: OutcomeCounts { document.summary }
}
