/// The faults in artifacts, one row each.
struct FaultTable {
    static let mostRows = 50
    /// As many as a report has.
    static let all = 1000
    private static let widestCell = 80

    private let faults: [ReportDocument.Fault]
    private let most: Int

    init(_ faults: [ReportDocument.Fault], most: Int = Self.mostRows) {
        self.faults = faults
        self.most = most
    }

    /// Whether this table has the finding's faults.
    static func shows(_ finding: ReportDocument.Finding, in report: ReportDocument) -> Bool {
        report.faults?.contains { $0.code == finding.code } ?? false
    }

    private var namesArtifact: Bool { faults.contains { $0.artifact != faults[0].artifact } }

    var header: [String] { (namesArtifact ? ["artifact"] : []) + ["path", "layer", "expected", "found"] }

    var rows: [[String]] {
        let several = namesArtifact
        return faults.prefix(most).map { fault in
            (several ? [fault.artifact] : [])
                + [
                    Self.short(fault.path), Self.digest(fault.layer), Self.short(fault.expected),
                    Self.short(fault.found),
                ]
        }
    }

    /// Empty if there are no faults.
    var lines: [String] {
        guard !faults.isEmpty else { return [] }
        let (rows, more) = (rows, max(0, faults.count - most))
        return Table([header] + rows).lines + (more > 0 ? ["  … and \(more) more"] : [])
    }

    /// The first twelve hexadecimal digits, as other tools show them.
    private static func digest(_ digest: String?) -> String {
        guard let digest else { return "-" }
        let digits = digest.split(separator: ":").last ?? ""
        return digits.count > 12 ? String(digits.prefix(12)) : digest
    }

    /// Cuts paths in the middle, because their names tell them apart, and anything else at the end.
    private static func short(_ text: String) -> String {
        let text = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
        guard text.count > widestCell else { return text }
        return text.hasPrefix("/")
            ? "\(text.prefix(20))…\(text.suffix(widestCell - 21))" : "\(text.prefix(widestCell - 1))…"
    }
}
