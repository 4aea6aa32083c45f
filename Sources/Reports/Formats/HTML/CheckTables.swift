import Findings

/// Probes as a matrix by venue, other checks as a list.
struct CheckTables {
    let report: ReportDocument

    init(_ report: ReportDocument) { self.report = report }

    var parts: [String] {
        others(report.checks.filter { !$0.isOf(.probe) }) + ProbeMatrix.all(of: report).flatMap(tables)
    }

    private func others(_ checks: [ReportDocument.Check]) -> [String] {
        guard !checks.isEmpty else { return [] }
        let rows = checks.map { check in
            [Page.name(check.reference), cell(check), XMLText.escaped(check.detail)]
        }
        return [Page.table("Path, builders and artifacts", ["Check", "Outcome", "Seen"], rows)]
    }

    /// The grouped probes first, then each probe.
    private func tables(_ matrix: ProbeMatrix) -> [String] {
        let title = matrix.title
        let header = ["Probe"] + matrix.venues
        let rows = matrix.rows
        let summed = rows.map { row in
            [Page.name(row.title)]
                + row.cells.map { cell in cell.outcome.map { self.cell($0, cell.duration, nil) } ?? Self.nothing }
        }
        var notes: [Int: String] = [:]
        // Consecutive rows with equal notes show them once, below the last.
        for (index, row) in rows.enumerated() where index + 1 == rows.count || rows[index + 1].notes != row.notes {
            notes[index] = note(row.notes)
        }
        var parts = [
            "<h3 class=\"image\">\(XMLText.escaped(title))</h3>",
            Page.table(title + " by venue", header, summed, notes: notes),
        ]
        let ids = matrix.checks.map(\.id).uniqued()
        if ids.count > rows.count {
            let cells = Dictionary(matrix.checks.map { ($0.reference, $0) }) { first, _ in first }
            let members = ids.map { id in matrix.venues.map { cells["\(id)@\($0)"] } }
            let each = zip(ids, members).map { id, members in
                [Page.name(id)] + members.map { $0.map(cell) ?? Self.nothing }
            }
            var notes: [Int: String] = [:]
            for (index, members) in members.enumerated() {
                notes[index] = note(members.compactMap { $0?.detail }.filter { !$0.isEmpty }.uniqued())
            }
            let table = Page.table("Each probe by venue", header, each, notes: notes)
            parts.append(Page.details("All \(ids.count) probes, one by one", table))
        }
        return parts
    }

    private static let nothing = "<span class=\"hidden\">not run</span>"

    private func note(_ notes: [String]) -> String? {
        notes.isEmpty ? nil : notes.map { "<p class=\"note\">\(XMLText.escaped($0))</p>" }.joined()
    }

    private func cell(_ check: ReportDocument.Check) -> String {
        cell(check.outcome, check.duration, check.isFlaky ? check.attempts : nil)
    }

    private func cell(_ outcome: Outcome, _ duration: Duration, _ attempt: Int?) -> String {
        var cell = Page.outcome(outcome)
        if duration > .zero { cell += " <small>\(duration.shown)</small>" }
        if let attempt { cell += " <small>flaky: attempt \(attempt)</small>" }
        return "<span class=\"cell\">\(cell)</span>"
    }
}
