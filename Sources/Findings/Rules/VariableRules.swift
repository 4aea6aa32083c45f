import Evidence

/// Judges variables of the caller's with which the emulator ends, waits, or does something else than it should.
struct VariableRules {
    let host: HostEvidence
    /// The references of the probes that fail by them.
    let checks: [String]
    private let trial: VariableTrial
    /// What the first of them did.
    private let seen: String
    private let runsNothing: Bool

    /// Nil if it was not shown: the probes must pass without these variables, and fail with them.
    init?(_ host: HostEvidence?, _ probes: [ProbeEvidence]) {
        guard let host, let trial = host.withoutVariables else { return nil }
        let runsNothing = !probes.contains(where: \.didRun)
        // Where nothing runs, the smallest program speaks for the others.
        let ended = probes.filter { runsNothing ? $0.mayBeByVariable : trial.cured.contains($0.reference) }
        guard let first = ended.first else { return nil }
        self.host = host
        self.trial = trial
        self.runsNothing = runsNothing
        checks = ended.map(\.reference)
        if runsNothing {
            seen = ended.first { !$0.words.isEmpty }?.words ?? "it waits, or ends without a word"
        } else {
            seen = "\(first.reference): \(ProbeJudge(first, twin: nil).detail)"
        }
    }

    private var names: String { trial.names.joined(separator: " ") }

    private var summary: String {
        if runsNothing { return "the emulator runs nothing with \(names) set: \(seen)" }
        let count = checks.count == 1 ? "a probe fails" : "\(checks.count) probes fail"
        return "\(count) with \(names) set: \(seen)"
    }

    var finding: Finding {
        Finding(
            .emulatorEnvironment, severity: .error, summary: summary,
            evidence: host.environment.map { "\($0.key)=\($0.value)" }.sorted()
                + trial.cured.sorted().prefix(5).map {
                    "\($0) without \(trial.names.count == 1 ? "it" : "them"): passes; with: fails once more"
                },
            remedy: host.without(trial.names), checks: checks)
    }
}
