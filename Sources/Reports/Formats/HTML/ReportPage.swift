import Findings
import Processes

/// The page of one report: verdict, findings with remedies, checks, and durations against the usual ones.
struct ReportPage {
    let report: ReportDocument
    let earlier: EarlierRuns

    init(_ report: ReportDocument, earlier: EarlierRuns) {
        self.report = report
        self.earlier = earlier
    }

    var text: String {
        let summary = report.summary
        let host = report.host?.name.map { " on \($0)" } ?? ""
        let header = Page.header(
            "assay \(report.command)\(host), \(report.started.text)", report.verdict,
            Claim(report).text + ".",
            [
                ("passed", summary.pass), ("failed", summary.fail), ("broken", summary.broken),
                ("skipped", summary.skip), ("flaky", summary.flaky),
            ])
        let findings = report.findings.map(finding)
        let main =
            Page.section(
                "findings", "Findings",
                findings.isEmpty
                    ? ["<p class=\"card\">None: nothing is wrong, and nothing is worth a warning.</p>"] : findings)
            + Page.section("matrix", "Checks", CheckTables(report).parts)
            + Page.section("durations", "Durations", DurationTable(report, earlier: earlier).parts)
            + Page.section("trend", "Trend", TrendChart(report, earlier: earlier).parts)
            + Page.section("builders", "Builders", builders) + Page.section("host", "Host", facts)
        return Page.text(
            title: "assay \(report.command)\(host): \(report.verdict.rawValue)",
            body: [header, "<main id=\"main\">"] + main + ["</main>"],
            footer:
                "Made by Assay \(report.version) in \(report.duration.shown). This page is complete in itself: it loads nothing."
        )
    }

    private func finding(_ finding: ReportDocument.Finding) -> String {
        var rest: [String] = []
        if !finding.evidence.isEmpty {
            let evidence = "<pre><code>\(XMLText.escaped(finding.evidence.joined(separator: "\n")))</code></pre>"
            rest.append(Page.details("Evidence: what was read or run", evidence))
        }
        if !finding.checks.isEmpty {
            let list = "<p>\(finding.checks.map { "<code>\(XMLText.escaped($0))</code>" }.joined(separator: ", "))</p>"
            rest.append(
                Page.details(
                    "Concerns \(finding.checks.count == 1 ? "1 check" : "\(finding.checks.count) checks")", list))
        }
        return Page.finding(
            finding.severity, finding.code, title: finding.summary, cause: finding.cause, remedy: finding.remedy,
            rest: rest)
    }

    private var facts: [String] {
        guard !report.facts.isEmpty else { return [] }
        let pairs = report.facts.map {
            "<dt>\(XMLText.escaped($0.name))</dt><dd><code>\(XMLText.escaped($0.value))</code></dd>"
        }
        return ["<dl class=\"card facts\">" + pairs.joined(separator: "\n") + "</dl>"]
    }

    private var builders: [String] {
        guard let builders = report.builders, !builders.isEmpty else { return [] }
        let rows = builders.map { builder in
            let cells: [String] =
                if let obstacle = builder.obstacle {
                    [builder.name, builder.version, "", "", "not tried: \(obstacle)"]
                } else {
                    [
                        builder.name, builder.version, BuilderTable.words(builder.declared),
                        BuilderTable.detected(builder), BuilderTable.words(builder.proven),
                    ]
                }
            return cells.map { XMLText.escaped($0) }
        }
        return [Page.table("Builders", ["Builder", "Version", "Declared", "Detected", "Proven"], rows)]
    }
}

extension ReportPage: ReportForm {
    static let about = "one self-contained page"

    static func text(_ subject: Reported, style: ConsoleStyle) -> SafeText {
        let page =
            switch subject {
            case .report(let report, let earlier): ReportPage(report, earlier: earlier).text
            case .fleet(let fleet): FleetPage(fleet).text
            case .drills(let drills): ReportPage(drills.document, earlier: EarlierRuns()).text
            }
        return SafeText(page, as: .reference)
    }
}
