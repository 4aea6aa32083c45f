/// Several runs of one probe, each with its own interpreter process and nonce.
public struct Repetition: Sendable, Equatable {
    /// The result of each run that was started, in order.
    public var results: [ProbeEvidence.Result]
    /// How many runs were requested. More than `results` if the first failure ended the repetition.
    public var planned: Int

    public init(results: [ProbeEvidence.Result], planned: Int) {
        self.results = results
        self.planned = planned
    }

    /// Whether all runs were started. A confidence interval needs a fixed number of runs, not one that a failure ended.
    public var isComplete: Bool { results.count == planned }
}
