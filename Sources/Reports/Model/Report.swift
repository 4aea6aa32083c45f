public import Evidence
public import Findings
public import Processes

/// The result of a command that judges, independent of the format.
public struct Report: Sendable {
    public var version: String
    public var command: String
    public var started: Timestamp
    public var duration: Duration
    /// Nil for commands that do not look at the host.
    public var host: HostEvidence?
    /// What was requested from builders, and the results.
    public var builders: [BuilderEvidence]
    /// The artifacts that were read, including those that builders made.
    public var artifacts: [ArtifactEvidenceSummary]
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
        host = evidence.host
        builders = evidence.builders
        artifacts = evidence.artifacts + evidence.builders.flatMap(\.artifacts)
        checks = diagnosis.checks
        findings = diagnosis.findings
        verdict = diagnosis.verdict
    }

    public var summary: OutcomeCounts { document.summary }
}
