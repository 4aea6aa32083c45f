import Findings

extension Report {
    /// One report of several, each about another platform of the same command.
    ///
    /// - Parameter parts: in the order in which the platforms were named; at least one.
    public init(joining parts: [Report]) {
        self = parts[0]
        for part in parts.dropFirst() {
            hosts += part.hosts
            builders += part.builders
            artifacts += part.artifacts
            checks += part.checks
            findings += part.findings
            duration += part.duration
        }
        guard parts.count > 1 else { return }
        for part in parts {
            if let platform = part.checks.lazy.compactMap(\.platform).first { durations[platform] = part.duration }
        }
        // The gravest first, of equal ones as the platforms were named.
        findings = findings.enumerated()
            .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }.map(\.element)
        verdict = Verdict(parts.map(\.verdict.outcome))
    }
}
