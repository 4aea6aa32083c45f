import Findings

/// The fleet for people: differences, failures, findings with remedies, below the verdict.
struct FleetConsole {
    /// The most rows of a list. Other forms have the rest.
    private static let most = 20
    let fleet: Fleet
    let paint: Paint

    private let detail: ConsoleStyle.Detail
    private let width: Int

    init(_ fleet: Fleet, style: ConsoleStyle) {
        self.fleet = fleet
        detail = style.detail
        width = style.width
        paint = Paint(enabled: style.colours)
    }

    var text: String {
        switch detail {
        case .verdict: verdictLine(wrappedTo: .max) + "\n"
        case .failures: fleet.failing.map { $0.title.oneLine + "\n" }.joined()
        case .normal, .checks, .evidence:
            ([verdictLine(wrappedTo: width)] + notes).joined(separator: "\n") + "\n"
                + [hostLines, findingLines, checkLines, factLines].filter { !$0.isEmpty }
                .map { "\n" + $0.joined(separator: "\n") + "\n" }.joined()
        }
    }

    private var factLines: [String] {
        guard !fleet.facts.isEmpty else { return [] }
        let rows = fleet.facts.map { fact in
            let values = fact.values.prefix(4).map { "\(Fleet.short($0.value)) (\($0.hostCount))" }
            let more = fact.values.count > 4 ? " and \(fact.values.count - 4) more" : ""
            return [fact.name.oneLine, values.joined(separator: ", ") + more]
        }
        return [paint.bold("Hosts have")] + Table(rows).lines(wrappedTo: width)
    }

    private var hostLines: [String] {
        let shown = fleet.remarkable
        guard !shown.isEmpty else { return [] }
        let rows = shown.prefix(Self.most).map { [paint.verdict($0.verdict), $0.name.oneLine, $0.words.oneLine] }
        return [paint.bold("Hosts that fail or differ")] + Table(rows).lines(wrappedTo: width) + more(shown.count)
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
        return [paint.bold("Checks")] + Table(rows).lines(wrappedTo: width) + more(shown.count)
    }

    private var findingLines: [String] {
        guard !fleet.findings.isEmpty else { return [] }
        return [paint.bold("Findings")]
            + fleet.findings.flatMap { finding in
                let names = finding.hosts.prefix(4).joined(separator: " ")
                let more = finding.hostCount > 4 ? " and \(finding.hostCount - 4) more" : ""
                // A command is not wrapped: it is typed as it stands.
                let remedy = finding.remedy.oneLine
                return [
                    "  \(paint.severity(finding.severity)) \(paint.bold(finding.name.oneLine)) on \(finding.hostCount) of \(fleet.hosts.count)"
                ]
                    + labelled("", finding.summary.oneLine)
                    + (remedy.isCommand
                        ? ["    remedy  \(paint.bold(remedy))"] : labelled("remedy", remedy).map(paint.bold))
                    + labelled("hosts ", names.oneLine + more)
            }
    }

    /// A text behind its label, wrapped below itself.
    private func labelled(_ label: String, _ text: String) -> [String] {
        Table([["", label.isEmpty ? "      " : label, text]]).lines(wrappedTo: width)
    }

    private func verdictLine(wrappedTo width: Int) -> String {
        let counts = [Verdict.fit, .unfit, .undetermined].map { verdict in
            "\(fleet.hosts.count { $0.verdict == verdict }) \(verdict.rawValue)"
        }
        let summary = fleet.summary
        let hosts = fleet.hosts.count == 1 ? "1 host" : "\(fleet.hosts.count) hosts"
        let words =
            "\(hosts) (\(counts.joined(separator: ", "))), \(summary.pass) passed, \(summary.fail) failed, "
            + "\(summary.skip - (summary.follows ?? 0)) skipped, \(summary.broken) broken"
            + (summary.follows.map { ", \($0) not run because of them" } ?? "")
            + (summary.flaky > 0 ? ", \(summary.flaky) flaky" : "")
        let verdict = fleet.verdict.rawValue.uppercased()
        let lines = words.wrapped(to: width - verdict.count - 2)
        return paint.verdict(fleet.verdict, text: verdict) + "  "
            + lines.joined(separator: "\n" + String(repeating: " ", count: verdict.count + 2))
    }

    /// What the fleet lacks, or has more than once.
    private var notes: [String] {
        var notes: [String] = []
        if fleet.missing > 0 {
            notes.append(
                "incomplete: expected \(fleet.expected ?? 0) reports, found \(fleet.reports + fleet.superseded)")
        }
        if fleet.duplicates > 0 { notes.append("\(fleet.duplicates) reports were given twice, and count once") }
        if fleet.superseded > 0 {
            notes.append("\(fleet.superseded) reports were replaced by later ones of the same host")
        }
        return notes.map { "  " + $0 }
    }

    private func more(_ count: Int) -> [String] {
        count > Self.most ? ["  and \(count - Self.most) more: see --format html or json"] : []
    }
}
