/// A probe that had no result in time, tried again with the machine to itself and more time. Nothing here is judged.
public struct HangTrial: Sendable, Equatable {
    /// The time that it had alone.
    public var limit: Duration
    /// What came of it alone.
    public var result: ProbeEvidence.Result
    /// The same probe, compiled for this host, ended within the usual limit; nil where there is none.
    public var twinEnded: Bool?
    /// A known amount of work took about as long as it should, right after.
    public var keptPace: Bool

    public init(limit: Duration, result: ProbeEvidence.Result, twinEnded: Bool?, keptPace: Bool) {
        self.limit = limit
        self.result = result
        self.twinEnded = twinEnded
        self.keptPace = keptPace
    }
}
