import Findings

/// Findings, and the checks that none explains: a line for each, and what to type below it.
struct FindingLines {
    private let report: ReportDocument
    private let style: ConsoleStyle
    private let paint: Paint
    /// Checks without a finding that are shown of each outcome.
    private static let mostUnexplained = 5

    init(_ report: ReportDocument, style: ConsoleStyle) {
        self.report = report
        self.style = style
        paint = Paint(enabled: style.colours)
    }

    var errors: [String] { lines(.error) }
    var warnings: [String] { lines(.warning) }
    /// What needs no action: only for those who ask for more.
    var notes: [String] { style.detail > .normal ? lines(.info) : [] }

    var unexplained: [String] { unexplained(.fail, "x", .red) + unexplained(.broken, "?", .yellow) }

    private func lines(_ severity: Severity) -> [String] {
        report.findings.filter { $0.severity == severity }.flatMap(lines)
    }

    private func lines(_ finding: ReportDocument.Finding) -> [String] {
        let mark =
            switch finding.severity {
            case .error: paint.colour("x", .red)
            case .warning: paint.colour("!", .yellow)
            case .info: paint.colour("i", .blue)
            }
        let code = finding.code.oneLine
        let isLong = style.detail > .normal
        let label = "  \(mark) \(paint.bold(code))   "
        // What to type stands right below, and -v has the whole.
        let effect = finding.effect
        let shown = effect.oneLine
        var lines = labelled(
            label, hanging: 6, isLong ? shown : shown.shortened(to: max(20, style.width - Paint.width(label) - 1)))
        if isLong, effect != finding.summary { lines += labelled("      seen  ", finding.summary) }
        // The table of faults has this evidence already.
        if style.detail == .evidence, !FaultTable.shows(finding, in: report) {
            lines += finding.evidence.flatMap(Self.lines).map { "      " + paint.dim($0) }
        }
        lines += fix(finding.remedy)
        if isLong {
            lines += labelled("      why   ", finding.cause)
            if !finding.checks.isEmpty { lines += labelled("      for   ", Self.references(finding.checks)) }
        } else if finding.severity == .error {
            lines += labelled("      why   ", finding.cause.oneLine.firstSentence)
        }
        // Who asked for more is told where there is more still; of another version's codes nothing is known.
        if finding.severity == .error, FindingCode(rawValue: finding.code) != nil {
            lines.append("      more  assay explain \(code)")
        }
        return lines
    }

    /// A command stays on one line, to be copied.
    private func fix(_ remedy: String) -> [String] {
        guard remedy.isCommand else { return labelled("      fix   ", remedy) }
        let blank = String(repeating: " ", count: 12)
        return Self.lines(remedy).enumerated().map { ($0 == 0 ? "      fix   " : blank) + paint.bold($1) }
    }

    private func unexplained(_ outcome: Outcome, _ mark: String, _ colour: Paint.Colour) -> [String] {
        // What a step consists of is in the step's own words.
        let steps = Set(report.checks.filter { $0.isOf(.step) }.map(\.id))
        let checks = report.unexplained(outcome).filter { check in
            check.isOf(.step) || check.id.lastIndex(of: "/").map { !steps.contains(String(check.id[..<$0])) } ?? true
        }
        let isLong = style.detail > .normal
        let shown = isLong ? checks[...] : checks.prefix(Self.mostUnexplained)
        let lines = shown.flatMap { check in
            labelled(
                "  \(paint.colour(mark, colour)) \(paint.bold(check.reference.oneLine))   ", hanging: 6,
                isLong ? check.detail.oneLine : check.detail.oneLine.shortened(to: 300))
        }
        let more = checks.count - shown.count
        return lines + (more > 0 ? ["  \(paint.colour(mark, colour)) and \(more) more (-v)"] : [])
    }

    private static func references(_ checks: [String]) -> String {
        let more = checks.count > 4 ? " and \(checks.count - 4) more" : ""
        return checks.prefix(4).joined(separator: " ") + more
    }

    /// The text behind its label, wrapped; its further lines stand below, so that none passes for a line of the report's own.
    private func labelled(_ label: String, hanging: Int? = nil, _ text: String) -> [String] {
        let taken = Paint.width(label)
        let indent = hanging ?? taken
        let wrapped = Self.lines(text).enumerated().flatMap { number, line in
            line.wrapped(to: style.width - indent, first: number == 0 ? taken - indent : 0)
        }
        let blank = String(repeating: " ", count: indent)
        guard let first = wrapped.first else { return [String(label.reversed().drop { $0 == " " }.reversed())] }
        return [label + first] + wrapped.dropFirst().map { blank + $0 }
    }

    private static func lines(_ text: String) -> [String] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    }
}
