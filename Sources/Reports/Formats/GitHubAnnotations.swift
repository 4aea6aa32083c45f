import Findings

/// Workflow commands for a step's standard output. GitHub keeps ten errors and ten warnings of a step and silently
/// drops the rest, so the last one sums up the rest.
///
/// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>,
/// <https://docs.github.com/en/rest/checks/runs> for the limits.
struct GitHubAnnotations {
    static let most = 10

    private struct Annotation {
        var title: String
        var message: String
    }

    let report: ReportDocument

    init(_ report: ReportDocument) { self.report = report }

    /// Trusted, because it consists of workflow commands. Their values are made safe one by one.
    var text: SafeText {
        SafeText(
            trusted: lines(
                "error", findings(.error) + checks(.fail, "failed") + checks(.broken, "could not be found out"))
                + lines("warning", findings(.warning) + flaky) + lines("notice", [claim] + findings(.info)))
    }

    private var claim: Annotation {
        Annotation(title: "assay \(report.command): \(report.verdict.rawValue)", message: Claim(report).text)
    }

    private func findings(_ severity: Severity) -> [Annotation] {
        report.findings.filter { $0.severity == severity }.map { finding in
            Annotation(
                title: "assay: \(report.named(finding.code, on: finding.platform))",
                message: "\(finding.summary)\ncause: \(finding.cause)\nremedy: \(finding.remedy)")
        }
    }

    private func checks(_ outcome: Outcome, _ words: String) -> [Annotation] {
        let checks = report.unexplained(outcome)
        return checks.isEmpty ? [] : [annotation(checks, words)]
    }

    private var flaky: [Annotation] {
        let checks = report.checks.filter(\.isFlaky)
        return checks.isEmpty ? [] : [annotation(checks, "passed only when repeated")]
    }

    private func annotation(_ checks: [ReportDocument.Check], _ words: String) -> Annotation {
        let shown = checks.prefix(20).map {
            "\(report.named($0.reference, on: $0.platform)): \($0.detail.shortened(to: 200))"
        }
        let more = checks.count > 20 ? ["and \(checks.count - 20) more"] : []
        return Annotation(
            title: "assay: \(checks.count) \(checks.count == 1 ? "check" : "checks") \(words)",
            message: (shown + more).joined(separator: "\n"))
    }

    private func lines(_ command: String, _ annotations: [Annotation]) -> String {
        var shown = annotations
        if annotations.count > Self.most {
            let rest = annotations[(Self.most - 1)...]
            shown =
                annotations.prefix(Self.most - 1) + [
                    Annotation(
                        title: "assay: \(rest.count) more",
                        message: rest.map {
                            "\($0.title.replacing("assay: ", with: "")): \($0.message.prefix { $0 != "\n" })"
                        }
                        .joined(separator: "\n"))
                ]
        }
        return shown.map { annotation in
            "::\(command) title=\(Self.property(annotation.title))::\(Self.data(annotation.message.shortened(to: 4000)))\n"
        }.joined()
    }

    /// Escapes a command's message, which a line end would cut off.
    static func data(_ text: String) -> String {
        SafeText(text).string.escaping { $0 == "%" ? "%25" : $0 == "\r" ? "%0D" : $0 == "\n" ? "%0A" : nil }
    }

    /// Escapes a property's value, including the characters that separate properties.
    static func property(_ text: String) -> String {
        data(text).escaping { $0 == ":" ? "%3A" : $0 == "," ? "%2C" : nil }
    }
}

extension GitHubAnnotations: ReportForm {
    static let about = "GitHub's annotations; as a file: Markdown for the step summary"

    static func text(_ subject: Reported, style: ConsoleStyle) -> SafeText { GitHubAnnotations(subject.document).text }

    static func file(_ subject: Reported, limit: Int) -> String {
        Markdown.safe(limit: limit) { limit in
            if case .fleet(let fleet) = subject { return FleetMarkdown(fleet).text(limit: limit) }
            return MarkdownSummary(subject.document).text(limit: limit)
        }
    }
}
