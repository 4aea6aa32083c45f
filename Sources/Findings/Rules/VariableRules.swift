import Evidence

/// Judges variables of the caller's with which the emulator ends, or waits, before it runs anything.
struct VariableRules {
    let host: HostEvidence
    /// The references of the probes that this ended.
    let checks: [String]
    private let words: String

    /// Nil if it was not shown: the smallest program must run without these variables, and nothing with them.
    init?(_ host: HostEvidence?, _ probes: [ProbeEvidence]) {
        guard let host, host.withoutVariables?.didRun == true else { return nil }
        let ended = probes.filter(\.mayEndByVariable)
        guard !ended.isEmpty, !probes.contains(where: \.didRun) else { return nil }
        self.host = host
        checks = ended.map(\.reference)
        words = ended.first { !$0.words.isEmpty }?.words ?? "it waits, or ends without a word"
    }

    private var names: [String] { host.environment.keys.sorted() }

    var finding: Finding {
        Finding(
            .emulatorEnvironment, severity: .error,
            summary: "the emulator runs nothing with \(names.joined(separator: " ")) set: \(words)",
            evidence: host.environment.map { "\($0.key)=\($0.value)" }.sorted() + [
                "the smallest program without \(names.count == 1 ? "it" : "them"): runs"
            ],
            remedy: "unset \(names.joined(separator: " "))", checks: checks)
    }
}
