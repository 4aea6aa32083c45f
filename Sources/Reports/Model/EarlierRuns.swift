import Findings
import History
public import Processes

/// Earlier runs of a report's command, as its page shows them. The usual durations follow the rules of `History`.
public struct EarlierRuns: Sendable {
    /// One run of the history.
    public struct Run: Sendable {
        public var started: Timestamp
        var verdict: Verdict
        var summary: OutcomeCounts
        var duration: Duration
        /// What it ran on: what changes a verdict without anybody's doing. A value is nil where the report has none.
        private var facts: [(name: String, value: String?)]

        public init(_ report: ReportDocument) {
            facts = [
                ("kernel", report.host?.kernel), ("QEMU", report.host?.interpreter?.version),
                ("Assay", report.version),
            ]
            started = report.started
            verdict = report.verdict
            summary = report.summary
            duration = report.duration
        }

        /// The facts that both know and that differ.
        func changes(since before: Run) -> [(fact: String, before: String, now: String)] {
            zip(before.facts, facts).compactMap { before, now in
                guard let old = before.value, let new = now.value, old != new else { return nil }
                return (now.name, old, new)
            }
        }
    }

    /// A check's name within a report.
    struct Name: Hashable, Sendable {
        var kind, reference: String
        var image: String?

        init(_ check: ReportDocument.Check) {
            kind = check.kind
            reference = check.key
            image = check.image
        }
    }

    /// Oldest first.
    public private(set) var runs: [Run] = []
    private var usual: [Name: UsualDuration] = [:]

    public init() {}

    /// - Parameters:
    ///   - runs: oldest first.
    ///   - usual: how long each check usually takes; nil if unknown.
    init(_ runs: [Run], usual: [(check: ReportDocument.Check, duration: UsualDuration?)]) {
        self.runs = runs
        for (check, duration) in usual { self.usual[Name(check)] = duration }
    }

    func usual(_ check: ReportDocument.Check) -> UsualDuration? { usual[Name(check)] }
}
