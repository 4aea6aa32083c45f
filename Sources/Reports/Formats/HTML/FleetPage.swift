import Findings
import Processes

/// The page of a fleet: verdict, hosts that fail or differ, findings with remedies.
struct FleetPage {
    /// More rows make a page slow to open. The JSON form has all.
    private static let most = 1000
    let fleet: Fleet

    init(_ fleet: Fleet) { self.fleet = fleet }

    var text: String {
        let rest = fleet.hosts.filter { $0.verdict == .fit && $0.deviations.isEmpty }
        let header = Page.header(
            "assay fleet, \(fleet.started.text) to \(fleet.latest.text)", fleet.verdict, sentence,
            [("hosts", fleet.hosts.count)]
                + [Verdict.fit, .unfit, .undetermined].map { verdict in
                    (verdict.rawValue, fleet.hosts.count { $0.verdict == verdict })
                } + [("differ", fleet.deviatingHosts.count)])
        let main =
            Page.section("hosts", "Hosts that fail or differ", hosts(fleet.remarkable))
            + Page.section("findings", "Findings", fleet.findings.map(finding))
            + Page.section("facts", "What hosts have", facts) + Page.section("checks", "Checks that fail", checks)
            + Page.section("others", "Other hosts", others(rest))
        return Page.text(
            title: "assay fleet: \(fleet.verdict.rawValue)", body: [header, "<main id=\"main\">"] + main + ["</main>"],
            footer:
                "Made by Assay \(fleet.version) of \(fleet.reports) reports. This page is complete in itself: it loads nothing."
        )
    }

    private var sentence: String {
        var words: [String] = []
        if fleet.missing > 0 {
            words.append("Incomplete: \(fleet.missing) of \(fleet.expected ?? 0) expected reports are missing.")
        }
        if fleet.duplicates > 0 { words.append("\(fleet.duplicates) reports were given twice, and count once.") }
        if fleet.superseded > 0 {
            words.append("\(fleet.superseded) reports were replaced by later ones of the same host.")
        }
        let summary = fleet.summary
        words.append("\(summary.pass) checks passed, \(summary.fail) failed, \(summary.broken) could not be made.")
        return words.joined(separator: " ")
    }

    private func hosts(_ hosts: [Fleet.Host]) -> [String] {
        guard !hosts.isEmpty else { return [] }
        let rows = hosts.prefix(Self.most).map { host in
            [Page.name(host.name), Page.verdict(host.verdict), XMLText.escaped(host.words)]
        }
        return [Page.table("Hosts that fail or differ", ["Host", "Verdict", "Why"], rows)] + more(hosts.count)
    }

    private func others(_ hosts: [Fleet.Host]) -> [String] {
        guard !hosts.isEmpty else { return [] }
        let rows = hosts.prefix(Self.most).map { host in
            [
                Page.name(host.name), Page.verdict(host.verdict), "\(host.summary.pass)",
                host.duration.shown,
            ]
        }
        let table = Page.table("Other hosts", ["Host", "Verdict", "Passed", "Took"], rows, numbers: [2, 3])
        let title = hosts.count == 1 ? "1 host is fit and as most are" : "\(hosts.count) hosts are fit and as most are"
        return [Page.details(title, table)] + more(hosts.count)
    }

    private func more(_ count: Int) -> [String] {
        count > Self.most ? ["<p class=\"dim\">And \(count - Self.most) more, which the JSON form names.</p>"] : []
    }

    private var facts: [String] {
        guard !fleet.facts.isEmpty else { return [] }
        let rows = fleet.facts.flatMap { fact in
            fact.values.prefix(10).map { value in
                [
                    "<code>\(XMLText.escaped(fact.name))</code>", "<code>\(XMLText.escaped(value.value))</code>",
                    "\(value.hostCount)",
                    names(value.hosts, of: value.value == fact.majority ? 0 : value.hostCount),
                ]
            }
        }
        return [Page.table("What hosts have", ["Fact", "Value", "Hosts", "Those that differ"], rows, numbers: [2])]
    }

    private var checks: [String] {
        let failing = fleet.failing
        guard !failing.isEmpty else { return [] }
        let rows = failing.prefix(Self.most).map { group in
            let summary = group.checks[0].summary
            let names = names(group.checks[0].hosts, of: summary.fail + summary.broken)
            let all = "<p>\(XMLText.escaped(group.checks.map(\.reference).joined(separator: " ")))</p>"
            let title =
                group.checks.count > 3
                ? Page.details(group.title, all) : Page.name(group.title)
            return [title, "\(summary.pass)", "\(summary.fail)", "\(summary.broken)", names]
        }
        return [
            Page.table("Checks that fail", ["Check", "Passed", "Failed", "Broken", "Where"], rows, numbers: [1, 2, 3])
        ]
    }

    private func names(_ hosts: [String], of count: Int) -> String {
        let shown = hosts.prefix(5).map { XMLText.escaped($0) }.joined(separator: ", ")
        return count > 5 ? "\(shown) and \(count - 5) more" : shown
    }

    private func finding(_ finding: Fleet.Finding) -> String {
        Page.finding(
            finding.severity, finding.code,
            title: "On \(finding.hostCount) of \(fleet.hosts.count) hosts. \(finding.summary)", cause: finding.cause,
            remedy: finding.remedy,
            rest: [Page.details("Hosts", "<p>\(names(Array(finding.hosts), of: finding.hostCount))</p>")])
    }
}
