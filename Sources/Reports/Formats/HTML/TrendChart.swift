import Findings
import Processes

/// The last runs side by side: verdict, duration, counts.
struct TrendChart {
    let report: ReportDocument
    /// The most runs, including the report itself.
    private static let most = 30
    let runs: [EarlierRuns.Run]

    init(_ report: ReportDocument, earlier: EarlierRuns) {
        self.report = report
        runs = earlier.runs.suffix(Self.most - 1)
    }

    var parts: [String] {
        guard !runs.isEmpty else { return [] }
        let all = runs + [EarlierRuns.Run(report)]
        let longest = all.map(\.duration).max() ?? .zero
        let bars = all.enumerated().map { index, run in
            let height = longest > .zero ? Int((run.duration / longest * 100).rounded()) : 0
            let this = index == all.count - 1 ? " this" : ""
            return
                "<li class=\"\(run.verdict.rawValue)\(this)\" title=\"\(words(run))\"><span aria-hidden=\"true\">\(Page.mark(run.verdict))</span><b style=\"height:calc((100% - 1.2rem) * \(height) / 100)\"></b><span class=\"hidden\">\(words(run))</span></li>"
        }
        let rows = all.reversed().map { run in
            [
                run.started.text, Page.verdict(run.verdict), run.duration.shown, "\(run.summary.pass)",
                "\(run.summary.fail)", "\(run.summary.broken)", "\(run.summary.flaky)",
            ]
        }
        let table = Page.table(
            "Runs", ["Began", "Verdict", "Took", "Passed", "Failed", "Broken", "Flaky"], rows,
            numbers: [2, 3, 4, 5, 6])
        return [
            "<p class=\"dim\">The last \(all.count) runs, this one at the right. A bar is as high as the run took long; the sign above it is its verdict.</p>",
            "<ol class=\"trend\">" + bars.joined(separator: "\n") + "</ol>", Page.details("As a table", table),
        ]
    }

    private func words(_ run: EarlierRuns.Run) -> String {
        "\(run.started.text): \(run.verdict.rawValue), \(run.duration.shown), \(run.summary.pass) passed, \(run.summary.fail) failed, \(run.summary.broken) broken"
    }
}
