public import Findings

/// What a judging command has to say, whatever the format.
public struct Report: Sendable {
    /// Bumped when the JSON form changes incompatibly.
    public static let schema = "assay.report/1"

    public var version: String
    public var command: String
    public var started: Timestamp
    public var duration: Duration
    /// Nil for commands that do not look at the host.
    public var host: HostEvidence?
    /// What was asked of builders, and what came of it.
    public var builders: [BuilderEvidence]
    /// What was opened, those that builders made included.
    public var artifacts: [ArtifactEvidenceSummary]
    public var checks: [Check]
    public var findings: [Finding]
    public var verdict: Verdict

    public init(
        version: String, command: String, started: Timestamp, duration: Duration, evidence: Evidence
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

    public var summary: Summary { Summary(checks) }

    /// How many checks came out how.
    public struct Summary: Sendable, Equatable, Encodable {
        public var pass = 0
        public var fail = 0
        public var skip = 0
        public var broken = 0
        /// Passed, but not at the first attempt.
        public var flaky = 0

        init(_ checks: [Check]) {
            for check in checks {
                switch check.outcome {
                case .pass where check.attempts > 1:
                    pass += 1
                    flaky += 1
                case .pass: pass += 1
                case .fail: fail += 1
                case .skip: skip += 1
                case .broken: broken += 1
                }
            }
        }
    }
}
