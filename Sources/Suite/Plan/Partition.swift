/// One machine's share of a run, in cases. A case, a scenario with one combination of its matrix, stays together.
public enum Partition: Sendable, Equatable, CustomStringConvertible {
    case whole
    /// Every n-th case, beginning with the m-th.
    case slice(Int, of: Int)
    /// The cases whose id's hash selects m. A case stays in its share when others come or go.
    case hash(Int, of: Int)

    /// `slice:m/n`, `hash:m/n` with m from 1 to n, or `none`; nil for anything else.
    public init?(_ text: String) {
        if text == "none" {
            self = .whole
            return
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let numbers = parts[1].split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let number = numbers[0], let total = numbers[1], (1...max(1, total)).contains(number),
            total >= 1
        else { return nil }
        switch parts[0] {
        case "slice": self = .slice(number, of: total)
        case "hash": self = .hash(number, of: total)
        default: return nil
        }
    }

    public func includes(index: Int, id: String) -> Bool {
        switch self {
        case .whole: return true
        case .slice(let number, let total): return index % total == number - 1
        case .hash(let number, let total):
            let hash = id.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            // FNV-1a does not spread the low bits of short words well.
            return (hash ^ hash >> 32) % UInt64(total) == UInt64(number - 1)
        }
    }

    public var description: String {
        switch self {
        case .whole: "none"
        case .slice(let number, let total): "slice:\(number)/\(total)"
        case .hash(let number, let total): "hash:\(number)/\(total)"
        }
    }
}

extension Partition {
    /// The share that a CI engine gives this job, and the variables that say so.
    ///
    /// - Parameter variable: looks up a variable of the environment.
    /// - Returns: nil if no engine shares the work out, or there is only one share.
    /// - Throws: `NoShare` if the variables make none: each machine would do all the work.
    public static func ofEngine(_ variable: (String) -> String?) throws(NoShare) -> (
        partition: Partition, source: String
    )? {
        for engine in engines {
            guard let index = variable(engine.index), !index.isEmpty,
                let name = engine.totals.first(where: { variable($0)?.isEmpty == false }), let total = variable(name),
                total != "1"
            else { continue }
            let source = "\(engine.index)=\(index), \(name)=\(total)"
            let first = engine.first.map { variable($0).flatMap { Int($0) } ?? 0 } ?? engine.base
            let step = max(1, engine.step.flatMap { variable($0) }.flatMap { Int($0) } ?? 1)
            guard let all = Int(total), let index = Int(index), index >= first, (index - first) % step == 0,
                (index - first) / step < all
            else { throw NoShare(source: source) }
            return (.slice((index - first) / step + 1, of: all), source)
        }
        return nil
    }

    /// The variables of a CI engine that give no share.
    public struct NoShare: Error, CustomStringConvertible {
        let source: String

        public var description: String {
            "\(source) names no share of this run; --partition slice:M/N gives one, --partition none runs everything"
        }
    }

    /// - `base`: the number of the first share; `first`: the variable that gives it; `step`: that of the distance between two.
    private static let engines: [(index: String, totals: [String], base: Int, first: String?, step: String?)] = [
        // https://docs.gitlab.com/ci/variables/predefined_variables/
        ("CI_NODE_INDEX", ["CI_NODE_TOTAL"], 1, nil, nil),
        // https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static/; the job's template must pass the
        // count on.
        ("JOB_COMPLETION_INDEX", ["JOB_COMPLETIONS", "JOB_COMPLETION_COUNT"], 0, nil, nil),
        // https://buildkite.com/docs/pipelines/configure/environment-variables
        ("BUILDKITE_PARALLEL_JOB", ["BUILDKITE_PARALLEL_JOB_COUNT"], 0, nil, nil),
        // https://circleci.com/docs/variables/
        ("CIRCLE_NODE_INDEX", ["CIRCLE_NODE_TOTAL"], 0, nil, nil),
        // https://slurm.schedmd.com/job_array.html
        ("SLURM_ARRAY_TASK_ID", ["SLURM_ARRAY_TASK_COUNT"], 0, "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP"),
    ]
}
