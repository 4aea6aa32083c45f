public import Evidence
public import Findings

/// What a judging command has to say, whatever the format.
public struct Report: Sendable {
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

    public var summary: Summary { document.summary }

    /// How many checks came out how.
    public struct Summary: Sendable, Hashable, Codable {
        public var pass = 0
        public var fail = 0
        public var skip = 0
        public var broken = 0
        /// Passed, but not at the first attempt.
        public var flaky = 0

        public init(pass: Int = 0, fail: Int = 0, skip: Int = 0, broken: Int = 0, flaky: Int = 0) {
            self.pass = pass
            self.fail = fail
            self.skip = skip
            self.broken = broken
            self.flaky = flaky
        }

        init(_ checks: [ReportDocument.Check]) {
            for check in checks { count(check.outcome, flaky: check.isFlaky) }
        }

        mutating func count(_ outcome: Outcome, flaky isFlaky: Bool) {
            switch outcome {
            case .pass: pass += 1
            case .fail: fail += 1
            case .skip: skip += 1
            case .broken: broken += 1
            }
            if isFlaky { flaky += 1 }
        }

        static func += (left: inout Summary, right: Summary) {
            left.pass += right.pass
            left.fail += right.fail
            left.skip += right.skip
            left.broken += right.broken
            left.flaky += right.flaky
        }
    }
}
