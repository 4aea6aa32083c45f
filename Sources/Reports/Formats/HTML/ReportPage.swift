import Findings
import Processes

/// The page of one report: the verdict with its cause and what to type, the path as a picture, then what failed, then
/// the rest.
struct ReportPage {
    private let report: ReportDocument
    private let earlier: EarlierRuns

    init(_ report: ReportDocument, earlier: EarlierRuns) {
        self.report = report
        self.earlier = earlier
    }

    var text: SafeText {
        let tables = CheckTables(report)
        let (notes, findings) = (
            report.findings.filter { $0.severity == .info }, report.findings.filter { $0.severity != .info }
        )
        // What no finding explains is before what is no error.
        let isExplained = report.verdict == .fit || findings.contains { $0.severity == .error }
        let failures = Page.section(
            "failures", isOfArtifacts ? "Artifacts" : "Not as it should be",
            isOfArtifacts ? tables.list : tables.failures)
        let name = "assay \(report.command)" + (report.host?.name.map { " on \($0)" } ?? "")
        return Page.text(
            title: "\(report.verdict.rawValue): \(name)", banner: banner(name),
            sections: [
                Page.section("path", "The path", PathPicture(report)?.parts ?? []),
                isExplained ? nil : failures, Page.section("findings", "Findings", findings.map(finding)),
                Page.section("faults", "Faults in artifacts", faults), isExplained ? failures : nil,
                Page.section("steps", "Steps in time", StepTimeline(report).parts),
                Page.section(
                    "grid", report.command == "run" ? "Probes by step and venue" : "Probes by group and venue",
                    HeatGrid(report).parts),
                Page.section("builders", "Builders", builders),
                Page.section("durations", "Longer than usual", UnusualDurations(report, earlier: earlier).parts),
                Page.section("history", "History", HistoryStrip(report, earlier: earlier).parts),
                Page.section(
                    "all", "Everything else",
                    Page.details(notes.count == 1 ? "1 note" : "\(notes.count) notes", notes.map(finding))
                        + (isOfArtifacts ? [] : tables.all)
                        + Page.details("Host", facts)),
            ], footer: "Made by Assay \(report.version).")
    }

    /// They are few, and listed whole.
    private var isOfArtifacts: Bool { report.command == "artifact" }

    private func banner(_ name: String) -> Markup {
        let summary = report.summary
        let follows = summary.follows ?? 0
        let first = report.verdict == .fit ? nil : report.findings.first { $0.severity == .error }
        return Page.banner(
            "\(name), \(report.started.minute), \(report.duration.shown)", report.verdict, Claim(report).text,
            [
                ("passed", summary.pass), ("failed", summary.fail), ("could not be made", summary.broken),
                ("not run because of that", follows), ("do not apply", summary.skip - follows),
                ("flaky", summary.flaky),
            ], cause: first.map { "<p>\($0.effect(for: report.guest))</p>\n\(Page.fix($0.remedy))" } ?? "")
    }

    private func finding(_ finding: ReportDocument.Finding) -> Markup {
        let seen = finding.summary == finding.effect(for: report.guest) ? [] : ["Seen: \(finding.summary)"]
        let evidence = seen + finding.evidence
        let checks = finding.checks
        return Page.finding(
            finding.severity, finding.code, title: finding.effect(for: report.guest), cause: finding.cause,
            remedy: finding.remedy,
            rest: Page.details("Without Assay", finding.byHand.map { [Page.copied($0)] } ?? [])
                + Page.details(
                    "Evidence: what was read or run",
                    evidence.isEmpty ? [] : ["<pre><code>\(evidence.joined(separator: "\n"))</code></pre>"])
                + Page.details(
                    checks.count == 1 ? "Concerns 1 check" : "Concerns \(checks.count) checks",
                    checks.isEmpty ? [] : ["<p>\(checks.map(Markup.name))</p>"]))
    }

    private var faults: [Markup] {
        let table = FaultTable(report.faults ?? [], most: FaultTable.all)
        let rows = table.rows.map { row in row.map { "<code>\($0)</code>" as Markup } }
        return Page.table(
            "Faults in artifacts", table.header.map { "\($0.prefix(1).uppercased() + $0.dropFirst())" }, rows,
            filtered: rows.count > 20)
    }

    private var facts: [Markup] {
        let pairs = report.facts.map { "<dt>\($0.name)</dt><dd><code>\($0.value)</code></dd>" as Markup }
        return pairs.isEmpty ? [] : ["<dl class=\"card facts\">\n\(pairs)\n</dl>"]
    }

    private var builders: [Markup] {
        let rows = (report.builders ?? []).map { builder -> [Markup] in
            let about = [builder.version, builder.driver ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
            let proven = builder.obstacle.map { "not tried: \($0)" } ?? BuilderTable.words(builder.proven)
            return [
                "\(builder.name)<p>\(about)</p>", "\(BuilderTable.words(builder.declared))",
                "\(BuilderTable.detected(builder))", "\(proven)",
            ]
        }
        return Page.table("Builders", ["Builder", "Declared", "Detected", "Proven"], rows)
    }
}

extension ReportPage: ReportForm {
    static let about = "one self-contained page"

    static func text(_ subject: Reported, style: ConsoleStyle) -> SafeText {
        switch subject {
        case .report(let report, let earlier): ReportPage(report, earlier: earlier).text
        case .fleet(let fleet): FleetPage(fleet).text
        case .drills(let drills): ReportPage(drills.document, earlier: EarlierRuns()).text
        }
    }
}
