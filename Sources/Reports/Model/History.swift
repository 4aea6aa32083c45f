import Findings

/// Earlier reports of the same command, for the trend and for what is usual.
public struct History: Sendable {
    /// So many of the latest count.
    public static let most = 30

    struct Run: Sendable {
        var started: Timestamp
        var command: String
        var verdict: Verdict
        var summary: Report.Summary
        var duration: Duration
        /// By reference and image.
        var durations: [String: Duration]

        init(_ report: ReportDocument) {
            started = report.started
            command = report.command
            verdict = report.verdict
            summary = report.summary
            duration = report.duration
            let timed = report.checks.filter { $0.duration > .zero && $0.outcome == .pass }
            durations = Dictionary(timed.map { (History.key($0), $0.duration) }) { first, _ in first }
        }
    }

    private var runs: [Run] = []

    public init() {}

    public mutating func add(_ report: ReportDocument) { runs.append(Run(report)) }

    /// The latest runs of this report's command that began before it, oldest first.
    func before(_ report: ReportDocument) -> [Run] {
        runs.filter { $0.command == report.command && $0.started < report.started }
            .sorted { $0.started < $1.started }.suffix(Self.most)
    }

    static func key(_ check: ReportDocument.Check) -> String { "\(check.image ?? "") \(check.reference)" }

    /// The median of what a check took when it passed; nil where no run has it.
    static func usual(_ check: ReportDocument.Check, in runs: [Run]) -> Duration? {
        let known = runs.compactMap { $0.durations[key(check)] }.sorted()
        return known.isEmpty ? nil : known[known.count / 2]
    }
}
