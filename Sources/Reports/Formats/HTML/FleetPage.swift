import Findings

/// The page of a fleet: causes with the hosts that they are on, hosts by their findings, and what differs among hosts.
struct FleetPage {
    /// More rows make a page slow to open. The JSON form has all.
    private static let mostRows = 1000
    private let fleet: Fleet
    /// Findings that are more than a note, the gravest first.
    private let causes: [Fleet.Finding]
    /// The names of all hosts that have a finding, by its code.
    private var hosts: [String: [String]] = [:]

    init(_ fleet: Fleet) {
        self.fleet = fleet
        causes = fleet.findings.filter { $0.severity > .info }
        for host in fleet.hosts {
            for code in host.findings { hosts[code, default: []].append(host.name) }
        }
    }

    var text: SafeText {
        let rest = fleet.hosts.filter { $0.verdict == .fit && $0.deviations.isEmpty }
        let banner = Page.banner(
            "assay fleet, \(fleet.started.minute) to \(fleet.latest.minute)", fleet.verdict, sentence,
            [Verdict.fit, .unfit, .undetermined].map { verdict in
                (verdict.rawValue, fleet.hosts.count { $0.verdict == verdict })
            } + [("differ from most", fleet.deviatingHosts.count)],
            cause: "\(notes.map { "<p>\($0)</p>" as Markup })")
        return Page.text(
            title: "\(fleet.verdict.rawValue): assay fleet", banner: banner,
            sections: [
                Page.section("findings", "Causes", causes.map(finding)),
                Page.section("matrix", "Hosts by findings", matrix),
                Page.section(
                    "hosts", "Hosts that fail or differ", hosts("Hosts that fail or differ", fleet.remarkable)),
                Page.section("facts", "What differs", facts),
                Page.section(
                    "all", "Everything else",
                    Page.details("Notes", fleet.findings.filter { $0.severity == .info }.map(finding))
                        + Page.details("Checks that fail", checks)
                        + Page.details(
                            rest.count == 1
                                ? "1 host is fit and as most are" : "\(rest.count) hosts are fit and as most are",
                            hosts("Other hosts", rest))),
            ], footer: "Made by Assay \(fleet.version) of \(fleet.reports) reports.")
    }

    private var sentence: String {
        let (all, bad) = (fleet.hosts.count, fleet.hosts.count { $0.verdict != .fit })
        guard bad > 0 else { return all == 1 ? "the host is fit" : "all \(all) hosts are fit" }
        let why = causes.filter { $0.severity == .error }.prefix(3).map { "\($0.name) on \($0.hostCount)" }
        return "\(bad) of \(all) hosts \(bad == 1 ? "is" : "are") not fit"
            + (why.isEmpty ? "" : ": " + why.joined(separator: ", "))
    }

    private var notes: [String] {
        var notes: [String] = []
        if fleet.missing > 0 {
            notes.append("Incomplete: \(fleet.missing) of \(fleet.expected ?? 0) expected reports are missing.")
        }
        if fleet.duplicates > 0 { notes.append("\(fleet.duplicates) reports were given twice, and count once.") }
        if fleet.superseded > 0 {
            notes.append("\(fleet.superseded) reports were replaced by later ones of the same host.")
        }
        return notes
    }

    private func finding(_ finding: Fleet.Finding) -> Markup {
        Page.finding(
            finding.severity, finding.code, platform: finding.name == finding.code ? nil : finding.platform,
            title: "On \(finding.hostCount) of \(fleet.hosts.count) hosts: \(finding.summary)", cause: finding.cause,
            remedy: finding.remedy, rest: [list(hosts[finding.name] ?? [])])
    }

    /// Names to copy.
    private func list(_ hosts: [String]) -> Markup {
        let all = Page.copied(hosts.joined(separator: "\n"))
        return hosts.count < 4 ? all : "\(Page.details("\(hosts.count) hosts", [all]))"
    }

    /// Hosts with the same findings are one row.
    private var matrix: [Markup] {
        let columns = causes.prefix(Page.mostColumns)
        guard columns.count > 1 else { return [] }
        let codes = Set(columns.map(\.name))
        let grave = Set(columns.filter { $0.severity == .error }.map(\.name))
        func errors(_ codes: Set<String>) -> Int { codes.intersection(grave).count }
        let groups = Dictionary(grouping: fleet.hosts) { codes.intersection($0.findings) }
        let rows = groups.sorted {
            (errors($1.key), $1.value.count, $0.value[0].name) < (errors($0.key), $0.value.count, $1.value[0].name)
        }.prefix(Self.mostRows).map { found, hosts -> [Markup] in
            [list(hosts.map(\.name))]
                + columns.map { column in
                    guard found.contains(column.name) else { return "" }
                    return column.severity == .error
                        ? "<b class=\"fail\">✗<span class=\"hidden\"> error</span></b>"
                        : "<b class=\"broken\">!<span class=\"hidden\"> warning</span></b>"
                }
        }
        let table = Page.table("Hosts by findings", ["Hosts"] + columns.map { "<code>\($0.name)</code>" }, rows)
        return ["<div class=\"findings\">\(table)</div>"]
    }

    private func hosts(_ label: String, _ hosts: [Fleet.Host]) -> [Markup] {
        let known = Set(causes.map(\.name))
        let rows = hosts.prefix(Self.mostRows).map { host -> [Markup] in
            let codes = host.findings.filter(known.contains)
            let why = codes.isEmpty ? Array(host.unsound.prefix(3)) : codes
            return [
                Markup.name(host.name), Page.verdict(host.verdict),
                "\(why.map { "<code>\($0)</code>" as Markup })\(host.differences.map { "<div>\($0)</div>" as Markup })",
            ]
        }
        let more = hosts.count - rows.count
        return Page.table(
            label, ["Host", "Verdict", "Findings, and what it differs in"], rows, filtered: rows.count > 8)
            + (more > 0 ? ["<p class=\"dim\">And \(more) more, which the JSON form names.</p>"] : [])
    }

    /// Without what all share.
    private var facts: [Markup] {
        let rows = fleet.facts.filter { $0.values.count > 1 }.flatMap { fact in
            fact.values.prefix(10).map { value -> [Markup] in
                [
                    "<code>\(fact.name)</code>", "<code>\(Fleet.short(value.value))</code>", "\(value.hostCount)",
                    names(value.hosts, of: value.value == fact.majority ? 0 : value.hostCount),
                ]
            }
        }
        return Page.table("What differs", ["Fact", "Value", "Hosts", "Those that differ"], rows, numbers: [2])
    }

    private var checks: [Markup] {
        let rows = fleet.failing.prefix(Self.mostRows).map { group -> [Markup] in
            let summary = group.checks[0].summary
            return [
                Markup.name(group.title), "\(summary.pass)", "\(summary.fail)", "\(summary.broken)",
                names(group.checks[0].hosts, of: summary.fail + summary.broken),
            ]
        }
        return Page.table(
            "Checks that fail", ["Check", "Passed", "Failed", "Not made", "Where"], rows, numbers: [1, 2, 3],
            filtered: rows.count > 8)
    }

    private func names(_ hosts: [String], of count: Int) -> Markup {
        let shown = hosts.prefix(5).joined(separator: ", ")
        return "\(count > 5 ? "\(shown) and \(count - 5) more" : shown)"
    }
}
