import Findings

/// A GitHub step summary: the verdict, findings with remedies, and the matrix.
struct MarkdownSummary {
    let report: ReportDocument

    init(_ report: ReportDocument) { self.report = report }

    /// - Parameter limit: most bytes. A notice says that blocks were left out.
    func text(limit: Int) -> String {
        Markdown.joined(
            heading + (report.hasParts ? report.parts.flatMap { MarkdownSummary($0).part } : content), limit: limit)
    }

    private var content: [String] {
        report.findings.flatMap(finding) + ProbeMatrix.all(of: report).flatMap(table) + others
    }

    /// Of one of several platforms.
    private var part: [String] {
        let platform = report.platforms?.first?.platform ?? ""
        let title = "\(Markdown.mark(report.verdict.rawValue)) \(Markdown.inline(platform)): \(report.verdict.rawValue)"
        return ["## \(title)", "\(Markdown.inline(Claim(report).text))."] + content
    }

    private var heading: [String] {
        let summary = report.summary
        let counts = [
            "\(summary.pass) passed", "\(summary.fail) failed", "\(summary.skip) skipped", "\(summary.broken) broken",
            "\(summary.flaky) flaky",
        ]
        let facts = report.facts.filter { ["host.kernel", "handler.flags", "interpreter.version"].contains($0.name) }
        let rows = facts.map { [$0.name, $0.value] }
        return [
            "## \(Markdown.mark(report.verdict.rawValue)) assay \(Markdown.inline(report.command)): \(report.verdict.rawValue)",
            "\(Markdown.inline(Claim(report).text)). \(counts.joined(separator: ", ")) in \(report.duration.shown).",
        ] + (rows.isEmpty ? [] : [Markdown.table(["Host", ""], rows)])
    }

    private func finding(_ finding: ReportDocument.Finding) -> [String] {
        var blocks = [
            "### \(finding.severity.rawValue): \(Markdown.inline(finding.code))", Markdown.inline(finding.summary),
            Markdown.inline(finding.cause), Markdown.code(finding.remedy),
        ]
        if !finding.evidence.isEmpty {
            let evidence = finding.evidence.joined(separator: "\n").shortened(to: 20_000)
            blocks.append("<details><summary>Evidence</summary>\n\n\(Markdown.code(evidence))\n\n</details>")
        }
        return blocks
    }

    private func table(_ matrix: ProbeMatrix) -> [String] {
        let rows = matrix.rows.map { row in
            let cells = row.cells.map { cell in
                cell.outcome.map { "\(Markdown.mark($0.rawValue)) \($0.rawValue)" } ?? ""
            }
            return [row.title] + cells + [row.notes.prefix(3).joined(separator: "; ").shortened(to: 300)]
        }
        return [
            "### \(Markdown.inline(matrix.title))",
            Markdown.table(["Probe"] + matrix.venues.map(Markdown.inline) + ["Seen"], rows),
        ]
    }

    private var others: [String] {
        let checks = report.checks.filter { !$0.isOf(.probe) }
        guard !checks.isEmpty else { return [] }
        let rows = checks.map { check in
            let outcome = "\(Markdown.mark(check.outcome.rawValue)) \(check.outcome.rawValue)"
            return [check.reference, outcome, check.detail.shortened(to: 300)]
        }
        return ["### Checks", Markdown.table(["Check", "Outcome", "Seen"], rows)]
    }
}
