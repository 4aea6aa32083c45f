/// Merges findings of one code. A comparison of two trees may find as many as there are files, so adding one takes time
/// only by its own length.
struct MergedFinding {
    /// The most lines that are kept. Every form of the report repeats them.
    static let mostEvidence = 1000

    private var gravest: Finding
    private var evidence: Set<String>
    private var checks: Set<String>
    /// How many lines of evidence were not kept.
    private var omitted = 0

    init(_ finding: Finding) {
        gravest = finding
        evidence = Set(finding.evidence)
        checks = Set(finding.checks)
    }

    mutating func add(_ finding: Finding) {
        var other = finding
        if gravest.severity < finding.severity {
            swap(&gravest, &other)
            evidence = Set(gravest.evidence)
            checks = Set(gravest.checks)
        }
        if other.summary != gravest.summary { keep([other.summary]) }
        keep(other.evidence.filter { !evidence.contains($0) })
        if gravest.isGeneral {
            (gravest.remedy, gravest.command, gravest.change) = (other.remedy, other.command, other.change)
        }
        let fresh = other.checks.filter { !checks.contains($0) }
        gravest.checks += fresh
        checks.formUnion(fresh)
    }

    private mutating func keep(_ lines: [String]) {
        let kept = lines.prefix(max(0, Self.mostEvidence - gravest.evidence.count))
        gravest.evidence += kept
        evidence.formUnion(kept)
        omitted += lines.count - kept.count
    }

    var finding: Finding {
        var finding = gravest
        if omitted > 0 { finding.evidence.append("… and \(omitted) more") }
        return finding
    }
}
