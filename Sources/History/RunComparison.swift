public import Evidence
import Findings

/// One run, the comparable run before it, and the usual durations of its checks.
public struct RunComparison: Sendable {
    public var run: RecordedRun
    /// Nil if there is no comparable earlier run.
    public var before: RecordedRun?
    public var changes: RunChanges?
    /// Passed checks with a known usual duration, in the run's order.
    public var durations: [DurationEvidence]

    /// - Parameter usual: durations on such a host, before this run.
    public init(_ run: RecordedRun, before: RecordedRun?, usual: [CheckName: UsualDuration]) {
        self.run = run
        self.before = before
        changes = before.map { RunChanges(from: $0, to: run) }
        durations = run.checks.compactMap { DurationEvidence($0.name, $0.outcome, $0.duration, usual[$0.name]) }
    }

    public var slower: [DurationEvidence] { durations.filter(DurationRules.isSlower) }
}
