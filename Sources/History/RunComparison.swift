public import Evidence
import Findings

/// One run beside the last one like it, and beside what its checks usually take.
public struct RunComparison: Sendable {
    public var run: RecordedRun
    /// Nil where there is no earlier run like it.
    public var before: RecordedRun?
    public var changes: RunChanges?
    /// Checks that passed and have a usual duration, in the run's order.
    public var durations: [DurationEvidence]

    /// - Parameters:
    ///   - samples: so many of a check's latest passes make what is usual.
    /// - Throws: `HistoryError`.
    public init(
        _ id: Int64, in history: RunHistory, samples: Int = RunHistory.usualSamples
    ) throws(HistoryError) {
        run = try history.run(id)
        before = try history.run(before: run)
        if let before { changes = RunChanges(from: before, to: run) }
        let usual = try history.usualDurations(
            host: run.overview.host, command: run.overview.command, of: run.checks.map(\.name), before: id,
            samples: samples)
        durations = run.checks.compactMap { DurationEvidence($0.name, $0.outcome, $0.duration, usual[$0.name]) }
    }

    public var slower: [DurationEvidence] { durations.filter(DurationRules.isSlower) }
}
