import Evidence

/// What cannot pass because the smallest program does not start: it has a cause, and is no failure of its own.
///
/// Only a failure that was seen twice has consequences. What could not be found out has none: it may pass.
struct Consequences {
    /// The reference of the smallest program in the same venue, by that of the probe that follows from it.
    let causes: [String: String]
    private let dead: Set<Venue>
    private let living: Set<Venue>

    init(_ probes: [ProbeEvidence], twins: [String: ProbeEvidence]) {
        let smallest = probes.filter(\.isSmallest)
        dead = Set(smallest.filter { Self.failedTwice($0, twin: twins[$0.probe]) }.map(\.venue))
            .subtracting(probes.filter(\.didRun).map(\.venue))
        living = Set(smallest.filter(\.didRun).map(\.venue))
        var causes: [String: String] = [:]
        for probe in probes where dead.contains(probe.venue) && !probe.isSmallest {
            if case .notApplicable = probe.result { continue }
            causes[probe.reference] = smallest.first { $0.venue == probe.venue }?.reference
        }
        self.causes = causes
    }

    private static func failedTwice(_ probe: ProbeEvidence, twin: ProbeEvidence?) -> Bool {
        guard ProbeJudge(probe, twin: twin).outcome == .fail else { return false }
        if let second = probe.second { return ProbeJudge(probe: probe.probe, result: second).outcome == .fail }
        // Judged a hang only after a second attempt.
        if case .hung = probe.result { return true }
        return false
    }

    /// The venue whose lack of programs keeps a builder of this host from running any: builders run steps in containers.
    var blocksBuilds: Venue? {
        let isolated = dead.subtracting([.direct])
        guard living.subtracting([.direct]).isEmpty else { return nil }
        if let venue = isolated.min(by: { $0.rawValue < $1.rawValue }) { return venue }
        return living.isEmpty && dead.contains(.direct) ? .direct : nil
    }
}
