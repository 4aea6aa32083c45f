import Findings
import Processes
import ScenarioFormat

/// What a run would do, for people.
public struct DryRun: Sendable {
    let plan: SuitePlan
    let jobs: Int
    let durations: [String: Duration]

    /// - Parameter durations: how long steps usually take, by id.
    public init(_ plan: SuitePlan, jobs: Int, durations: [String: Duration]) {
        self.plan = plan
        self.jobs = jobs
        self.durations = durations
    }

    /// Rows of a table: id, what it does, how long it takes.
    private func rows(_ steps: [PlannedStep]) -> [[String]] {
        steps.map { step in
            let time = durations[step.id].map { "\(Int($0.milliseconds.rounded())) ms" } ?? ""
            let note = step.obstacle.map { "skip: \($0)" } ?? ""
            let needs =
                step.needs.isEmpty
                ? "" : "after " + step.needs.map { String($0.split(separator: "/").last ?? "") }.joined(separator: ", ")
            return [step.id, step.kind.rawValue, time, [needs, note].filter { !$0.isEmpty }.joined(separator: "; ")]
        }
    }

    public var sections: [(title: String, rows: [[String]])] {
        let beside = plan.steps.filter { !$0.isAlone }
        let alone = plan.steps.filter(\.isAlone)
        return [
            ("Side by side, at most \(jobs) at once", rows(beside)),
            ("Alone, one after the other", rows(alone)),
        ].filter { !$0.1.isEmpty }
    }

    /// The expected duration, from earlier ones; nil if none is known. Counts the steps without a known duration.
    public var estimate: String? {
        let unknown = plan.steps.count { durations[$0.id] == nil && $0.obstacle == nil && $0.kind != .measure }
        guard plan.steps.contains(where: { durations[$0.id] != nil }) else { return nil }
        let beside = plan.steps.filter { !$0.isAlone }.compactMap { durations[$0.id]?.milliseconds }
        let alone = plan.steps.filter(\.isAlone).compactMap { durations[$0.id]?.milliseconds }
        // However many run at once, it takes at least as long as the longest.
        let longest = beside.max() ?? 0
        let seconds = (max(longest, beside.reduce(0, +) / Double(jobs)) + alone.reduce(0, +)) / 1000
        return "about \(Int(seconds.rounded(.up))) s, by what earlier runs took"
            + (unknown > 0 ? " (\(unknown) steps not known)" : "")
    }
}
