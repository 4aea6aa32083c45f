import Findings

/// The first line: the verdict, what it claims and, where all is well, how much was judged.
struct VerdictLine {
    let report: ReportDocument
    let style: ConsoleStyle

    init(_ report: ReportDocument, style: ConsoleStyle) {
        self.report = report
        self.style = style
    }

    /// More than one where the claim is longer than a line.
    var lines: [String] {
        let word = report.verdict.rawValue.uppercased()
        let indent = word.count + 2
        let whole = claim(within: style.width - indent)
        var text = style.detail == .verdict ? [whole] : whole.wrapped(to: style.width - indent)
        let head = Paint(enabled: style.colours).verdict(report.verdict, text: word) + "  "
        if report.verdict == .fit, let last = text.last {
            let gap = style.width - indent - last.count - scope.count
            text[text.count - 1] = last + String(repeating: " ", count: gap < 2 ? 2 : gap) + scope
        }
        let blank = String(repeating: " ", count: indent)
        return text.enumerated().map { ($0 == 0 ? head : blank) + $1 }
    }

    /// Without what only elaborates the cause, where the rest then fits a line: what to type should not be far below.
    private func claim(within width: Int) -> String {
        let isBrief = style.detail == .normal && report.verdict != .fit && !report.hasParts
        let most = isBrief ? min(Self.mostCharacters, 3 * width - 12) : Self.mostCharacters
        let whole = Claim(report).text.shortened(to: most)
        let parts = whole.ranges(of: ": ")
        // What is claimed of a fit host is no elaboration. Of several platforms, and of steps, what stands last is a cause.
        guard isBrief, report.command != "run", whole.count > width, parts.count > 1, let last = parts.last else {
            return whole
        }
        let short = String(whole[..<last.lowerBound])
        return short.count <= width ? short : whole
    }

    /// A reason from outside may be as long as a file.
    private static let mostCharacters = 400

    private var scope: String {
        let count = report.checks.count { $0.outcome != .skip }
        return "\(count) \(count == 1 ? "check" : "checks"), \(report.duration.shown)"
    }
}
