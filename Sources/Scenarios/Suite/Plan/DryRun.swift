import Findings

/// What a run would do, for people.
public struct DryRun: Sendable {
    let plan: SuitePlan
    let jobs: Int
    let durations: [String: Duration]

    /// - Parameter durations: how long steps took before, by id.
    public init(_ plan: SuitePlan, jobs: Int, durations: [String: Duration]) {
        self.plan = plan
        self.jobs = jobs
        self.durations = durations
    }

    /// Rows of a table: id, what it does, how long it took.
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

    /// How long it takes, from how long it took; nil where nothing is known. Steps without a figure are counted.
    public var estimate: String? {
        let known = plan.steps.filter { durations[$0.id] != nil }
        guard !known.isEmpty else { return nil }
        func sum(_ steps: [PlannedStep]) -> Double {
            steps.compactMap { durations[$0.id] }.reduce(.zero, +).milliseconds / 1000
        }
        let seconds = sum(plan.steps.filter { !$0.isAlone }) / Double(jobs) + sum(plan.steps.filter(\.isAlone))
        let unknown = plan.steps.count - known.count
        return "about \(Int(seconds.rounded(.up))) s, as long as it took last time"
            + (unknown > 0 ? " (\(unknown) steps not known)" : "")
    }
}
