import Findings

/// The fleet for people: differences, failures, findings with remedies, and the verdict last.
struct FleetConsole {
    /// The most rows of a list. Other forms have the rest.
    private static let most = 20
    let fleet: Fleet
    let paint: Paint

    init(_ fleet: Fleet, colours: Bool) {
        self.fleet = fleet
        paint = Paint(enabled: colours)
    }

    var text: String {
        [factLines, hostLines, checkLines, findingLines].filter { !$0.isEmpty }
            .map { $0.joined(separator: "\n") + "\n\n" }.joined() + verdictLines
    }

    private var factLines: [String] {
        guard !fleet.facts.isEmpty else { return [] }
        let rows = fleet.facts.map { fact in
            let values = fact.values.prefix(4).map { "\(Fleet.short($0.value)) (\($0.hostCount))" }
            let more = fact.values.count > 4 ? " and \(fact.values.count - 4) more" : ""
            return [fact.name, values.joined(separator: ", ") + more]
        }
        return [paint.bold("Hosts have")] + Table(rows).lines
    }

    private var hostLines: [String] {
        let shown = fleet.remarkable
        guard !shown.isEmpty else { return [] }
        let rows = shown.prefix(Self.most).map { [mark($0.verdict), $0.name.oneLine, $0.words.oneLine] }
        return [paint.bold("Hosts that fail or differ")] + Table(rows).lines + more(shown.count)
    }

    private var checkLines: [String] {
        let shown = fleet.failing
        guard !shown.isEmpty else { return [] }
        let rows = shown.prefix(Self.most).map { group in
            let summary = group.checks[0].summary
            let hosts = group.checks[0].hosts
            let count = summary.fail + summary.broken
            let names = hosts.prefix(4).joined(separator: " ").oneLine + (count > 4 ? " and \(count - 4) more" : "")
            return [
                summary.fail > 0 ? paint.colour("FAIL", .red) : paint.colour("BROKEN", .yellow), "on \(count)", names,
                group.title.oneLine,
            ]
        }
        return [paint.bold("Checks")] + Table(rows).lines + more(shown.count)
    }

    private var findingLines: [String] {
        guard !fleet.findings.isEmpty else { return [] }
        return [paint.bold("Findings")]
            + fleet.findings.flatMap { finding in
                let names = finding.hosts.prefix(4).joined(separator: " ")
                let more = finding.hostCount > 4 ? " and \(finding.hostCount - 4) more" : ""
                return [
                    "  \(paint.severity(finding.severity)) \(paint.bold(finding.code.oneLine)) on \(finding.hostCount) of \(fleet.hosts.count): \(finding.summary.oneLine)",
                    "    remedy  \(paint.bold(finding.remedy.oneLine))", "    hosts   \(names.oneLine)\(more)",
                ]
            }
    }

    private var verdictLines: String {
        let counts = [Verdict.fit, .unfit, .undetermined].map { verdict in
            "\(fleet.hosts.count { $0.verdict == verdict }) \(verdict.rawValue)"
        }
        let summary = fleet.summary
        var text = ""
        if fleet.missing > 0 {
            text += "incomplete: expected \(fleet.expected ?? 0) reports, found \(fleet.reports + fleet.superseded)\n"
        }
        if fleet.duplicates > 0 { text += "\(fleet.duplicates) reports were given twice, and count once\n" }
        if fleet.superseded > 0 { text += "\(fleet.superseded) reports were replaced by later ones of the same host\n" }
        let hosts = fleet.hosts.count == 1 ? "1 host" : "\(fleet.hosts.count) hosts"
        text += "\(mark(fleet.verdict)): \(hosts) (\(counts.joined(separator: ", "))), "
        text += "\(summary.pass) passed, \(summary.fail) failed, \(summary.skip) skipped, \(summary.broken) broken"
        return text + (summary.flaky > 0 ? ", \(summary.flaky) flaky\n" : "\n")
    }

    private func more(_ count: Int) -> [String] {
        count > Self.most ? ["  and \(count - Self.most) more: see --format html or json"] : []
    }

    private func mark(_ verdict: Verdict) -> String {
        switch verdict {
        case .fit: paint.colour("fit", .green)
        case .unfit: paint.colour("unfit", .red)
        case .undetermined: paint.colour("undetermined", .yellow)
        }
    }
}
