public import Findings

extension Report {
    /// Says that the run was interrupted. Whatever the checks came to, the rest is not known.
    public mutating func interrupt(signal: Int32) {
        verdict = .undetermined
        add([InterruptRules(signal: signal).finding])
    }

    /// Adds findings that could be made only once the checks were judged; the gravest stay first. The verdict is the
    /// checks' and stays as it is.
    public mutating func add(_ more: [Finding]) {
        for finding in more {
            let index = findings.firstIndex { $0.severity < finding.severity } ?? findings.endIndex
            findings.insert(finding, at: index)
            let concerned = Set(finding.checks)
            for index in checks.indices where concerned.contains(checks[index].reference) {
                checks[index].findings.append(finding.code)
            }
        }
    }
}
