import Findings
public import Processes

/// Earlier runs of a report's command, as its page shows them. The usual durations follow the rules of `History`.
public struct EarlierRuns: Sendable {
    /// One run in the trend.
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
    ///   - usual: how long each check usually takes; nil if unknown.
    public init(_ runs: [Run], usual: [(check: ReportDocument.Check, duration: Duration?)]) {
        self.runs = runs
        for (check, duration) in usual { self.usual[Name(check)] = duration }
    }

    func usual(_ check: ReportDocument.Check) -> Duration? { usual[Name(check)] }
}
