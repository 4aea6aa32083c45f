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
        let name = "assay \(report.command)" + (report.host?.name.map { " on \($0)" } ?? "")
        let sections = report.hasParts ? ofParts : sections("")
        return Page.text(
            title: "\(report.verdict.rawValue): \(name)", banner: banner(name),
            sections: sections + [
                Page.section("durations", "Longer than usual", UnusualDurations(report, earlier: earlier).parts),
                Page.section("history", "History", HistoryStrip(report, earlier: earlier).parts),
                report.hasParts ? nil : rest(""),
            ], footer: "Made by Assay \(report.version).")
    }

    /// Each platform under its own heading, with its verdict.
    private var ofParts: [Markup?] {
        report.parts.enumerated().flatMap { number, part -> [Markup?] in
            let page = ReportPage(part, earlier: EarlierRuns())
            let platform = part.platforms?.first?.platform ?? ""
            let suffix = "-\(number + 1)"
            let words: Markup = "<p>\(Page.verdict(part.verdict)) \(Claim(part).text)</p>"
            return [Page.section("platform\(suffix)", platform, [words])] + page.sections(suffix) + [page.rest(suffix)]
        }
    }

    /// - Parameter suffix: of the sections' ids.
    private func sections(_ suffix: String) -> [Markup?] {
        let tables = CheckTables(report)
        let findings = report.findings.filter { $0.severity != .info }
        // What no finding explains is before what is no error.
        let isExplained = report.verdict == .fit || findings.contains { $0.severity == .error }
        let failures = Page.section(
            "failures\(suffix)", isOfArtifacts ? "Artifacts" : "Not as it should be",
            isOfArtifacts ? tables.list : tables.failures)
        return [
            Page.section("path\(suffix)", "The path", PathPicture(report)?.parts ?? []),
            isExplained ? nil : failures, Page.section("findings\(suffix)", "Findings", findings.map(finding)),
            Page.section("faults\(suffix)", "Faults in artifacts", faults), isExplained ? failures : nil,
            Page.section("steps\(suffix)", "Steps in time", StepTimeline(report).parts),
            Page.section(
                "grid\(suffix)", report.command == "run" ? "Probes by step and venue" : "Probes by group and venue",
                HeatGrid(report).parts),
            Page.section("builders\(suffix)", "Builders", builders),
        ]
    }

    private func rest(_ suffix: String) -> Markup? {
        let notes = report.findings.filter { $0.severity == .info }
        return Page.section(
            "all\(suffix)", "Everything else",
            Page.details(notes.count == 1 ? "1 note" : "\(notes.count) notes", notes.map(finding))
                + (isOfArtifacts ? [] : CheckTables(report).all) + Page.details("Host", facts))
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
            ], cause: first.map { "<p>\($0.effect)</p>\n\(Page.fix($0.remedy))" } ?? "")
    }

    /// Whether another platform may have the same finding on this page.
    private var hasNamesakes: Bool { report.isPart || (report.platforms?.count ?? 0) > 1 }

    private func finding(_ finding: ReportDocument.Finding) -> Markup {
        let seen = finding.summary == finding.effect ? [] : ["Seen: \(finding.summary)"]
        let evidence = seen + finding.evidence
        let checks = finding.checks
        return Page.finding(
            finding.severity, finding.code, platform: hasNamesakes ? finding.platform : nil, title: finding.effect,
            cause: finding.cause,
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
