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

    /// - Parameter usual: what checks take on such a host, before this run.
    public init(_ run: RecordedRun, before: RecordedRun?, usual: [CheckName: UsualDuration]) {
        self.run = run
        self.before = before
        changes = before.map { RunChanges(from: $0, to: run) }
        durations = run.checks.compactMap { DurationEvidence($0.name, $0.outcome, $0.duration, usual[$0.name]) }
    }

    public var slower: [DurationEvidence] { durations.filter(DurationRules.isSlower) }
}
