import Findings
import Guest

/// The form for people: the verdict first, then its cause and what to type, then what else was found.
struct ConsoleReport {
    let report: ReportDocument
    let style: ConsoleStyle
    private let paint: Paint

    init(_ report: ReportDocument, style: ConsoleStyle) {
        self.report = report
        self.style = style
        paint = Paint(enabled: style.colours)
    }

    var text: String { lines.map { $0 + "\n" }.joined() }

    private var lines: [String] {
        guard report.hasParts, style.detail != .verdict else { return ownLines }
        if style.detail == .failures { return report.parts.flatMap { ConsoleReport($0, style: style).ownLines } }
        // Only the report's own first line begins where a line does.
        var inner = style
        inner.sinceLast = nil
        inner.width = max(ConsoleStyle.leastWidth, style.width - 2)
        let blocks = report.parts.flatMap { part in
            let name = paint.bold(part.platforms?.first?.platform.oneLine ?? "")
            return [""] + ([name] + ConsoleReport(part, style: inner).ownLines).map { $0.isEmpty ? "" : "  " + $0 }
        }
        let facts = FactLines(report, style: style)
        return VerdictLine(report, style: style).lines + blocks + facts.platforms + facts.changes
            + (style.detail > .normal ? ["", counts] : [])
    }

    private var ownLines: [String] {
        let verdict = VerdictLine(report, style: style).lines
        switch style.detail {
        case .verdict: return verdict
        case .failures:
            let bad = report.checks.filter { [.fail, .broken].contains($0.outcome) }
            return bad.map { report.isPart ? $0.key.oneLine : $0.reference.oneLine }.uniqued()
        case .normal: return verdict + essentials
        case .checks, .evidence:
            let sections = CheckSections(report, paint: paint).sections
            return verdict + essentials + sections.flatMap { [""] + $0 } + ["", counts]
        }
    }

    /// The findings: causes before facts if something is wrong, else after them.
    private var essentials: [String] {
        let findings = FindingLines(report, style: style)
        let facts = FactLines(report, style: style)
        let known = report.verdict == .fit ? facts.lines : []
        return known + findings.errors + findings.unexplained + facts.path
            + (report.verdict == .fit ? [] : facts.lines) + faultTable + findings.warnings + findings.notes + facts.last
    }

    private var faultTable: [String] {
        let table = FaultTable(report.faults ?? [], most: style.detail > .normal ? FaultTable.mostRows : 10)
        return table.lines.isEmpty ? [] : [paint.bold("Faults")] + table.lines
    }

    private var counts: String {
        let summary = report.summary
        let lacking = report.lackingFeatures
        let follow = summary.follows ?? 0
        let skipped =
            "\(summary.skip - follow) skipped"
            + (lacking > 0 ? " (\(lacking) for features that the processor lacks)" : "")
        var counts = "\(summary.pass) passed, \(summary.fail) failed, \(skipped), \(summary.broken) broken"
        if follow > 0 { counts += ", \(follow) not run because of them" }
        if summary.flaky > 0 { counts += ", \(summary.flaky) flaky" }
        return "\(paint.verdict(report.verdict)): \(counts) in \(report.duration.shown)"
    }
}

extension ConsoleReport: ReportForm {
    static let about = "for people, in a terminal"

    static func text(_ subject: Reported, style: ConsoleStyle) -> SafeText {
        .painted(colours: style.colours) { colours in
            var style = style
            style.colours = colours
            return switch subject {
            case .report(let report, _): ConsoleReport(report, style: style).text
            case .fleet(let fleet): FleetConsole(fleet, style: style).text
            case .drills(let drills): drills.console(style)
            }
        }
    }
}
