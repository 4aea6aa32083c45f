/// Several runs of one probe, each a fresh process of the interpreter's with a nonce of its own.
public struct Repetition: Sendable, Equatable {
    /// What came of each run that was begun, in order.
    public var results: [ProbeEvidence.Result]
    /// How many runs were asked for; more than `results` where the first failure ended them.
    public var planned: Int

    public init(results: [ProbeEvidence.Result], planned: Int) {
        self.results = results
        self.planned = planned
    }

    /// All runs were begun. An interval holds for a number of runs that was fixed beforehand, not for one that a failure ended.
    public var isComplete: Bool { results.count == planned }
}
