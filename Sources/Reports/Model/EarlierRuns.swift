import Findings
public import Processes

/// Earlier runs of a report's command, as its page shows them. `History` makes it, by the rules by which it judges recorded runs.
public struct EarlierRuns: Sendable {
    /// What the trend shows of a run.
    public struct Run: Sendable {
        public var started: Timestamp
        var verdict: Verdict
        var summary: OutcomeCounts
        var duration: Duration

        public init(_ report: ReportDocument) {
            started = report.started
            verdict = report.verdict
            summary = report.summary
            duration = report.duration
        }
    }

    /// A check's name within a report.
    struct Name: Hashable, Sendable {
        var kind, reference: String
        var image: String?

        init(_ check: ReportDocument.Check) {
            kind = check.kind
            reference = check.reference
            image = check.image
        }
    }

    /// Oldest first.
    public private(set) var runs: [Run] = []
    private var usual: [Name: Duration] = [:]

    public init() {}

    /// - Parameters:
    ///   - runs: oldest first.
    ///   - usual: what each of the checks usually takes; nil where that is not known.
    public init(_ runs: [Run], usual: [(check: ReportDocument.Check, duration: Duration?)]) {
        self.runs = runs
        for (check, duration) in usual { self.usual[Name(check)] = duration }
    }

    func usual(_ check: ReportDocument.Check) -> Duration? { usual[Name(check)] }
}
