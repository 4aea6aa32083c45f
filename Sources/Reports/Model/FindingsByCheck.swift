import Findings

/// Which findings of a report concern a check: looked up, because a report may have as many of the ones as of the others.
struct FindingsByCheck {
    /// More than any check has. Findings and checks of a made-up report may all name each other.
    private static let mostOfOne = 20

    private let findings: [ReportDocument.Finding]
    private var byCode: [String: [Int]] = [:]
    private var byReference: [String: [Int]] = [:]

    init(_ report: ReportDocument) {
        findings = report.findings
        for (index, finding) in findings.enumerated() {
            byCode[finding.code, default: []].append(index)
            for reference in finding.checks where byReference[reference]?.last != index {
                byReference[reference, default: []].append(index)
            }
        }
    }

    /// In the report's order.
    func of(_ check: ReportDocument.Check) -> [ReportDocument.Finding] {
        guard !check.findings.isEmpty || check.outcome == .fail else { return [] }
        var places = Set((byReference[check.reference] ?? []).prefix(Self.mostOfOne))
        for code in check.findings.prefix(Self.mostOfOne) {
            places.formUnion((byCode[code] ?? []).prefix(Self.mostOfOne))
        }
        return places.sorted().prefix(Self.mostOfOne).map { findings[$0] }
    }
}

/// What findings say, told at each check that they concern until that is more than anybody reads: a finding may be as long as the report, and so may be
/// the list of its checks.
struct Story {
    /// Bytes that are told again.
    private static let most = 1 << 20

    private var told: Set<String> = []
    private var repeated = 0

    /// Whether a finding is told in full: it always is the first time.
    mutating func isInFull(_ finding: ReportDocument.Finding) -> Bool {
        if told.insert(finding.code).inserted { return true }
        let parts = [finding.summary, finding.cause, finding.remedy] + finding.evidence
        let size = parts.reduce(0) { $0 + $1.utf8.count }
        guard repeated + size <= Self.most else { return false }
        repeated += size
        return true
    }
}
