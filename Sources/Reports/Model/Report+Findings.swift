public import Findings

extension Report {
    /// Adds findings that could be made only once the checks were judged; the gravest stay first. The verdict is the
    /// checks' and stays as it is.
    public mutating func add(_ more: [Finding]) {
        for finding in more {
            let index = findings.firstIndex { $0.severity < finding.severity } ?? findings.endIndex
            findings.insert(finding, at: index)
            for index in checks.indices where finding.checks.contains(checks[index].reference) {
                checks[index].findings.append(finding.code)
            }
        }
    }
}
