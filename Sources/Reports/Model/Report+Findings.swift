public import Findings

extension Report {
    /// Records that the run was interrupted. The verdict is then undetermined, whatever the checks' outcomes.
    public mutating func interrupt(signal: Int32) {
        verdict = .undetermined
        add([InterruptRules(signal: signal).finding])
    }

    /// Adds findings that need judged checks, and keeps the highest severity first. The verdict depends on the checks
    /// only and does not change.
    public mutating func add(_ more: [Finding]) {
        for finding in more {
            let index = findings.firstIndex { $0.severity < finding.severity } ?? findings.endIndex
            findings.insert(finding, at: index)
            let concerned = Set(finding.checks)
            for index in checks.indices
            where concerned.contains(checks[index].reference) && checks[index].platform == finding.platform {
                checks[index].findings.append(finding.code)
            }
        }
    }
}
