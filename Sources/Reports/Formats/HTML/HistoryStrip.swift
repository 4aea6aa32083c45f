import Findings

/// The last runs, a cell each, with marks where the kernel, QEMU or Assay changed.
struct HistoryStrip {
    /// The most runs, including the report itself.
    private static let most = 30
    private let runs: [EarlierRuns.Run]

    init(_ report: ReportDocument, earlier: EarlierRuns) {
        runs = earlier.runs.isEmpty ? [] : earlier.runs.suffix(Self.most - 1) + [EarlierRuns.Run(report)]
    }

    var parts: [Markup] {
        guard let last = runs.last else { return [] }
        let changes = [[]] + zip(runs, runs.dropFirst()).map { before, now in now.changes(since: before) }
        let cells = zip(runs, changes).enumerated().map { index, run -> Markup in
            let (run, changes) = run
            let marks = changes.map { $0.fact.prefix(1).uppercased() }.joined(separator: " ")
            return """
                <li class="\(run.verdict.outcome.rawValue)\(index == runs.count - 1 ? " this" : "")"><b>\(Page.mark(run.verdict))<span class="hidden"> \(run.verdict.rawValue)</span></b>\(String(run.started.day.dropFirst(5)))<small>\(String(run.started.clock))</small><em>\(marks)</em></li>
                """
        }
        let changed = zip(runs, changes).flatMap { run, changes in
            changes.map { change -> [Markup] in
                [
                    "\(run.started.minute)", "<b>\(change.fact.prefix(1).uppercased())</b> \(change.fact)",
                    "\(change.before)", "\(change.now)",
                ]
            }
        }
        let rows = runs.reversed().map { run -> [Markup] in
            [
                "\(run.started.minute)", Page.verdict(run.verdict), "\(run.duration.shown)", "\(run.summary.pass)",
                "\(run.summary.fail)", "\(run.summary.broken)", "\(run.summary.flaky)",
            ]
        }
        let about: Markup = """
            <p class="dim">\(runs.count) runs from \(String(runs[0].started.day)) to \(String(last.started.day)), this one last. K, Q, A: another kernel, QEMU, Assay than in the run before.</p>
            """
        return [about, "<ol class=\"strip\">\n\(cells)\n</ol>"]
            + Page.table("What changed", ["Run", "Changed", "Before", "Since then"], changed.reversed())
            + Page.details(
                "The runs as a table",
                Page.table(
                    "Runs", ["Began", "Verdict", "Took", "Passed", "Failed", "Not made", "Flaky"], rows,
                    numbers: [2, 3, 4, 5, 6]))
    }
}
