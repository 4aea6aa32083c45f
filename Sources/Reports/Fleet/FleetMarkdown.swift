import Findings

/// The fleet as a GitHub step summary.
struct FleetMarkdown {
    let fleet: Fleet

    init(_ fleet: Fleet) { self.fleet = fleet }

    /// - Parameter limit: most bytes. A notice says that blocks were left out.
    func text(limit: Int) -> String {
        Markdown.joined(heading + hosts + facts + fleet.findings.flatMap(finding), limit: limit)
    }

    private var heading: [String] {
        let counts = [Verdict.fit, .unfit, .undetermined].map { verdict in
            "\(fleet.hosts.count { $0.verdict == verdict }) \(verdict.rawValue)"
        }
        var blocks = [
            "## \(Markdown.mark(fleet.verdict.rawValue)) assay fleet: \(fleet.verdict.rawValue)",
            "\(fleet.hosts.count) hosts: \(counts.joined(separator: ", ")).",
        ]
        if fleet.missing > 0 {
            blocks.append("**Incomplete**: \(fleet.missing) of \(fleet.expected ?? 0) expected reports are missing.")
        }
        return blocks
    }

    private var hosts: [String] {
        let shown = fleet.remarkable
        guard !shown.isEmpty else { return [] }
        let rows = shown.prefix(500).map { host in
            [host.name, "\(Markdown.mark(host.verdict.rawValue)) \(host.verdict.rawValue)", host.words]
        }
        let more = shown.count > 500 ? ["…and \(shown.count - 500) more hosts."] : []
        return ["### Hosts that fail or differ", Markdown.table(["Host", "Verdict", "Why"], rows)] + more
    }

    private var facts: [String] {
        let mixed = fleet.facts.filter { $0.values.count > 1 }
        guard !mixed.isEmpty else { return [] }
        let rows = mixed.map { fact in
            let values = fact.values.prefix(5).map { "\(Fleet.short($0.value)) (\($0.hostCount))" }
            return [fact.name, values.joined(separator: ", ")]
        }
        return ["### What differs", Markdown.table(["Fact", "Values (hosts)"], rows)]
    }

    private func finding(_ finding: Fleet.Finding) -> [String] {
        [
            "### \(finding.severity.rawValue): \(Markdown.inline(finding.name)) on \(finding.hostCount) of \(fleet.hosts.count) hosts",
            Markdown.inline(finding.summary), Markdown.code(finding.remedy),
            "Hosts: " + Markdown.inline(finding.hosts.prefix(20).joined(separator: ", "))
                + (finding.hostCount > 20 ? " and \(finding.hostCount - 20) more" : ""),
        ]
    }
}
