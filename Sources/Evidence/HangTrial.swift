/// Another attempt at a probe that had no result in time: alone on the machine, and with more time. Nothing here is
/// judged.
public struct HangTrial: Sendable, Equatable {
    /// The time limit of that attempt.
    public var limit: Duration
    /// The result of that attempt.
    public var result: ProbeEvidence.Result
    /// Whether the same probe, compiled for this host, ended within the usual limit; nil if there is none.
    public var twinEnded: Bool?
    /// Whether a known amount of work took about its usual time right afterwards.
    public var keptPace: Bool

    public init(limit: Duration, result: ProbeEvidence.Result, twinEnded: Bool?, keptPace: Bool) {
        self.limit = limit
        self.result = result
        self.twinEnded = twinEnded
        self.keptPace = keptPace
    }
}
