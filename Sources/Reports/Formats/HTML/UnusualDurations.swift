import Evidence
import Findings
import History

/// The checks that took longer than usual, each beside what is usual; the others in a word.
struct UnusualDurations {
    private static let most = 25
    private let report: ReportDocument
    private let earlier: EarlierRuns

    init(_ report: ReportDocument, earlier: EarlierRuns) {
        self.report = report
        self.earlier = earlier
    }

    var parts: [Markup] {
        let known = report.checks.compactMap { check in
            DurationEvidence(CheckName(check), check.outcome, check.duration, earlier.usual(check))
        }
        guard !known.isEmpty else { return [] }
        let slower = known.filter(DurationRules.isSlower).sorted {
            ($1.duration / $1.median, $0.check) < ($0.duration / $0.median, $1.check)
        }
        let rest: Markup = """
            <p class="dim">\(slower.isEmpty ? "None: all" : "The other") \(known.count - slower.count) checks that earlier runs have took about as long as usual.</p>
            """
        let rows = slower.prefix(Self.most).map { one -> [Markup] in
            let whole = one.duration * 1.05
            let low = one.median > one.spread ? one.median - one.spread : .zero
            let bar = Page.bar(
                """
                <rect class="now" width="\(one.duration.share(of: whole))" height="100%"/>\
                <rect class="usual" x="\(low.share(of: whole))" width="\((one.median + one.spread - low).share(of: whole))" height="100%"/>
                """)
            return [
                Markup.name(one.check),
                """
                \(bar)\(String((one.duration / one.median).tenths)) times as long: \(one.duration.shown), usually \(one.median.shown) ± \(one.spread.shown) <small>(\(one.samples) runs)</small>
                """,
            ]
        }
        return Page.table("Longer than usual", ["Check", "Now, and within it what is usual"], rows) + [rest]
    }
}
