import Findings

/// The checks: what failed first, the others folded.
struct CheckTables {
    private static let mostFailures = 50
    private let report: ReportDocument

    init(_ report: ReportDocument) { self.report = report }

    /// What failed, could not be made, or passed only at a later attempt.
    var failures: [Markup] {
        let bad =
            [Outcome.fail, .broken].flatMap { outcome in report.checks.filter { $0.outcome == outcome } }
            + report.checks.filter(\.isFlaky)
        return list("Not as it should be", Array(bad.prefix(Self.mostFailures)))
            + Page.details(
                "\(bad.count - Self.mostFailures) more", list("More of them", Array(bad.dropFirst(Self.mostFailures))))
    }

    /// All in one list, failures first.
    var list: [Markup] {
        list(
            "Checks",
            [.fail, .broken, .pass, .skip].flatMap { outcome in report.checks.filter { $0.outcome == outcome } })
    }

    var all: [Markup] {
        let others = report.checks.filter { !$0.isOf(.probe) }
        return Page.details(
            "\(others.count) checks of the path, builders, artifacts and steps",
            list("Path, builders, artifacts and steps", others))
            + ProbeMatrix.all(of: report).flatMap { matrix in
                Page.details("\(matrix.title): each check (\(matrix.checks.count))", probes(matrix))
            }
    }

    private func list(_ title: String, _ checks: [ReportDocument.Check]) -> [Markup] {
        let rows = checks.map { check -> [Markup] in
            let attempt: Markup = check.isFlaky ? " <small>at attempt \(check.attempts)</small>" : ""
            return [Markup.name(check.reference), "\(Page.outcome(check.outcome))\(attempt)", "\(check.detail)"]
        }
        return Page.table(title, ["Check", "Outcome", "Seen"], rows, filtered: rows.count > 20)
    }

    private func probes(_ matrix: ProbeMatrix) -> [Markup] {
        let cells = Dictionary(matrix.checks.map { ($0.reference, $0) }) { first, _ in first }
        let venues = matrix.venues.prefix(Page.mostColumns)
        let rows = matrix.checks.map(\.id).uniqued().map { id -> [Markup] in
            let members = venues.map { cells["\(id)@\($0)"] }
            // What follows from a cause is said by its cell.
            let notes = members.compactMap { $0?.follows == nil ? $0?.detail : nil }.filter { !$0.isEmpty }.uniqued()
            return ["\(Markup.name(id))\(notes.map { "<p>\($0)</p>" as Markup })"] + members.map(cell)
        }
        return Page.table(
            matrix.title + " by venue", ["Probe"] + venues.map { "\($0)" }, rows, filtered: rows.count > 20)
    }

    private func cell(_ check: ReportDocument.Check?) -> Markup {
        guard let check else { return "" }
        return check.follows == nil ? Page.outcome(check.outcome) : "<b class=\"skip\">not run</b>"
    }
}
