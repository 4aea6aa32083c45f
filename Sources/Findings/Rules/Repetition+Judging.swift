public import Evidence

extension ProbeEvidence {
    /// All runs of one probe in one venue, as one piece of evidence. Its result is that of the first failure, else of
    /// the first run that could not be made.
    ///
    /// - Parameter runs: the runs, in the order of starting.
    /// - Returns: nil if there is none.
    public init?(repeated runs: [ProbeEvidence]) {
        let begun = runs.filter { if case .notApplicable = $0.result { false } else { true } }
        let judged = begun.map { ($0.result, ProbeJudge(probe: $0.probe, result: $0.result).outcome) }
        let gravest = [Outcome.fail, .broken, .pass].lazy.compactMap { outcome in judged.first { $0.1 == outcome } }
        guard var whole = runs.first else { return nil }
        whole.result = gravest.first?.0 ?? begun.first?.result ?? whole.result
        whole.duration = begun.map(\.duration).reduce(.zero, +)
        whole.again = runs.lazy.compactMap(\.again).first
        whole.repetition = Repetition(results: begun.map(\.result), planned: runs.count)
        self = whole
    }
}

extension Repetition {
    /// How often the probe failed in the runs that gave an answer; nil if none did.
    func rate(of probe: String) -> FailureRate? {
        let outcomes = results.map { ProbeJudge(probe: probe, result: $0).outcome }
        let failures = outcomes.count { $0 == .fail }
        let runs = failures + outcomes.count { $0 == .pass }
        return runs > 0 ? FailureRate(failures: failures, runs: runs) : nil
    }
}
