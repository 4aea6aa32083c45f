public import Evidence
public import Findings
public import Processes

extension Report {
    /// A report of checks that were judged separately, in other processes or at other times.
    ///
    /// - Parameter findings: highest severity first, one for each code.
    public init(
        version: String, command: String, started: Timestamp, duration: Duration, hosts: [HostEvidence],
        checks: [Check],
        findings: [Finding]
    ) {
        self.init(
            version: version, command: command, started: started, duration: duration,
            evidence: CommandEvidence(host: nil))
        self.hosts = hosts
        self.checks = checks
        self.findings = findings
        verdict = Verdict(checks)
    }
}
