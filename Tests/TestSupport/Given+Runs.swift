public import Evidence
public import Findings
import Processes
public import Reports

/// Reports of runs with the checks that a test needs.
extension Given {
    public static func check(
        _ id: String, _ outcome: Outcome = .pass, milliseconds: Int = 10, attempts: Int = 1
    ) -> Check {
        Check(
            id: id, kind: .probe, image: "core", venue: "direct", outcome: outcome,
            duration: .milliseconds(milliseconds), attempts: attempts, detail: "\(id) was \(outcome.rawValue)")
    }

    public static func report(
        _ checks: [Check], host: HostEvidence? = emulated(), findings: [Finding] = [], command: String = "run",
        started: Int = 1_769_846_400
    ) -> Report {
        var report = Report(
            version: "0.1.0", command: command, started: Timestamp(seconds: started), duration: .milliseconds(214),
            evidence: CommandEvidence())
        report.host = host
        report.checks = checks
        report.findings = findings
        report.verdict = Verdict(checks)
        return report
    }
}
