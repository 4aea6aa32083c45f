import Findings

/// Finds the findings of a check by lookup: a report may have as many findings as checks.
struct FindingsByCheck {
    /// The most findings of one check, above any real number. In a forged report all findings and checks may refer to
    /// each other.
    private static let mostOfOne = 20

    private let findings: [ReportDocument.Finding]
    private var byCode: [String: [Int]] = [:]
    private var byReference: [String: [Int]] = [:]

    init(_ report: ReportDocument) {
        findings = report.findings
        for (index, finding) in findings.enumerated() {
            byCode[ReportDocument.Check.key(finding.code, on: finding.platform), default: []].append(index)
            for reference in finding.keys where byReference[reference]?.last != index {
                byReference[reference, default: []].append(index)
            }
        }
    }

    /// In the report's order.
    func of(_ check: ReportDocument.Check) -> [ReportDocument.Finding] {
        guard !check.findings.isEmpty || check.outcome == .fail else { return [] }
        var places = Set(check.keys.flatMap { (byReference[$0] ?? []).prefix(Self.mostOfOne) })
        for code in check.findings.prefix(Self.mostOfOne) {
            for own in [code, ReportDocument.Check.key(code, on: check.platform)] {
                places.formUnion((byCode[own] ?? []).prefix(Self.mostOfOne))
            }
        }
        return places.sorted().prefix(Self.mostOfOne).map { findings[$0] }
    }
}

/// Decides how often a finding's full text is repeated. A finding may be as long as the report and concern every check,
/// so the repetitions have a limit in bytes.
struct Story {
    /// The most bytes of repeated text.
    private static let most = 1 << 20

    private var told: Set<String> = []
    private var repeated = 0

    /// Whether to write the finding in full. The first time is always in full.
    mutating func isInFull(_ finding: ReportDocument.Finding) -> Bool {
        if told.insert(ReportDocument.Check.key(finding.code, on: finding.platform)).inserted { return true }
        let parts = [finding.summary, finding.cause, finding.remedy] + finding.evidence
        let size = parts.reduce(0) { $0 + $1.utf8.count }
        guard repeated + size <= Self.most else { return false }
        repeated += size
        return true
    }
}
