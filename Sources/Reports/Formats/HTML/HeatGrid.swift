import Findings

/// How each group of probes came out in each venue, one grid an image. The steps of a run have a row each.
struct HeatGrid {
    private let report: ReportDocument

    init(_ report: ReportDocument) { self.report = report }

    var parts: [Markup] {
        let grids = ProbeMatrix.all(of: report).flatMap(grid)
        let legend: Markup = """
            <p class="dim">How many passed ✓, failed ✗, could not be made ?, do not apply –. An empty cell: not chosen in that venue.</p>
            """
        return grids.isEmpty ? [] : [legend] + grids
    }

    private func grid(_ matrix: ProbeMatrix) -> [Markup] {
        let venues = matrix.venues.prefix(Page.mostColumns)
        let groups = Dictionary(grouping: matrix.checks) { Self.group($0.id) }
        let rows = matrix.checks.map { Self.group($0.id) }.uniqued().map { group in
            let byVenue = Dictionary(grouping: groups[group] ?? [], by: \.venue)
            return [Markup.name(group)] + venues.map { byVenue[$0].map(cell) ?? "" }
        }
        let table = Page.table(matrix.title, ["Group"] + venues.map { "\($0)" }, rows)
        return ["<h3>\(matrix.title)</h3>\n<div class=\"heat\">\(table)</div>"]
    }

    /// `exec` of `exec.static`; the step of a step's probe.
    private static func group(_ id: String) -> String {
        String(id[..<(id.lastIndex(of: "/") ?? id.firstIndex(of: ".") ?? id.endIndex)])
    }

    private func cell(_ checks: [ReportDocument.Check]) -> Markup {
        let counts = OutcomeCounts(checks)
        let count = [.fail: counts.fail, .broken: counts.broken, .pass: counts.pass][counts.worst] ?? counts.skip
        // Those that do not apply are no part of what could have passed.
        let all = counts.worst == .skip ? count : checks.count - counts.skip
        let share = count == all ? "" : " of \(all)"
        let why: Markup = counts.worst == .skip && counts.follows == counts.skip ? "<i> not run</i>" : ""
        return """
            <b class="\(counts.worst.rawValue)">\(Page.sign(counts.worst)) \(count)\(share)\(why)<span class="hidden"> \(counts.worst.rawValue)</span></b>
            """
    }
}

extension OutcomeCounts {
    /// The gravest outcome; `skip` where nothing else is.
    var worst: Outcome { fail > 0 ? .fail : broken > 0 ? .broken : pass > 0 ? .pass : .skip }
}
