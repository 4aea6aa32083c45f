import Findings

/// The longest checks as bars, each against its usual duration.
struct DurationTable {
    private static let most = 25
    let report: ReportDocument
    let earlier: EarlierRuns

    init(_ report: ReportDocument, earlier: EarlierRuns) {
        self.report = report
        self.earlier = earlier
    }

    var parts: [String] {
        let timed = report.checks.filter { $0.duration > .zero }
        guard !timed.isEmpty else { return [] }
        let rows = timed.map { ($0, earlier.usual($0)) }
            .sorted { ($0.0.duration, $1.0.reference) > ($1.0.duration, $0.0.reference) }.prefix(Self.most)
        let hasHistory = rows.contains { $0.1 != nil }
        let header = ["Check", "", "Now"] + (hasHistory ? ["Usual", "Change"] : [])
        let cells = rows.map { check, usual in
            [
                Page.name(check.reference),
                bar(check.duration, usual, scale(check, usual, among: timed)),
                check.duration.shown,
            ]
                + (hasHistory ? [usual?.shown ?? "–", change(check.duration, usual)] : [])
        }
        let legend =
            hasHistory
            ? "The mark is what is usual: the median of up to \(earlier.runs.count) earlier runs in which the check passed."
            : "Give earlier reports with --history to see what is usual."
        let shown = timed.count > Self.most ? "The \(Self.most) longest of \(timed.count). " : ""
        return [
            "<p class=\"dim\">\(shown)\(legend)</p>",
            Page.table("Durations", header, cells, numbers: [2, 3, 4]),
        ]
    }

    /// The duration of a full bar: twice the usual one, so that its mark is in the middle, or more if the check took
    /// longer. Without a usual duration, the longest of its kind.
    private func scale(
        _ check: ReportDocument.Check, _ usual: Duration?, among timed: [ReportDocument.Check]
    ) -> Duration {
        if let usual, usual > .zero { return max(usual * 2, check.duration) }
        return timed.filter { $0.kind == check.kind }.map(\.duration).max() ?? check.duration
    }

    private func bar(_ now: Duration, _ usual: Duration?, _ scale: Duration) -> String {
        let mark = usual.map { "<i style=\"left:calc(\(percent($0, scale)) - 1px)\"></i>" } ?? ""
        return "<span class=\"track\" aria-hidden=\"true\"><b style=\"width:\(percent(now, scale))\"></b>\(mark)</span>"
    }

    private func change(_ now: Duration, _ usual: Duration?) -> String {
        guard let usual, usual > .zero else { return "–" }
        let hundredths = Int((now / usual * 100).rounded())
        let factor = "\(hundredths / 100).\(hundredths / 10 % 10)×"
        return hundredths >= 200 ? "<span class=\"slower\">▲ \(factor) slower</span>" : factor
    }

    private func percent(_ value: Duration, _ scale: Duration) -> String {
        "\(scale > .zero ? (value / scale * 100).tenths : 0)%"
    }
}
