import Findings
import Processes

/// TAP version 14: one test point for each check, with its diagnostics as YAML.
///
/// The YAML has neither lists nor nesting: Perl's reader takes a list's `- "text: more"` for a key.
///
/// Specification: <https://testanything.org/tap-version-14-specification.html>.
struct TAPReport {
    let report: ReportDocument
    private let findings: FindingsByCheck

    init(_ report: ReportDocument) {
        self.report = report
        findings = FindingsByCheck(report)
    }

    var text: String {
        var lines = ["TAP version 14"]
        guard !report.checks.isEmpty else {
            return (lines + ["1..0 # SKIP nothing was checked", ""]).joined(separator: "\n")
        }
        lines.append("1..\(report.checks.count)")
        lines.append(
            "# assay \(report.version) \(report.command): \(report.verdict.rawValue): \(Claim(report).text)".oneLine)
        var told: Set<String> = []
        for (index, check) in report.checks.enumerated() { lines += point(index + 1, check, &told) }
        for finding in report.findings {
            let name = report.named(finding.code, on: finding.platform)
            lines.append("# \(finding.severity.rawValue) \(name): \(finding.summary)".oneLine)
            lines.append("#   remedy: \(finding.remedy)".oneLine)
        }
        return (lines + [""]).joined(separator: "\n")
    }

    private func point(_ number: Int, _ check: ReportDocument.Check, _ told: inout Set<String>) -> [String] {
        let isGood = check.outcome == .pass || check.outcome == .skip
        var line =
            "\(isGood ? "ok" : "not ok") \(number) - \(Self.escaped(report.named(check.reference, on: check.platform)))"
        if check.outcome == .skip { line += " # SKIP" + (check.detail.isEmpty ? "" : " " + Self.escaped(check.detail)) }
        return [line] + (check.outcome == .skip ? [] : diagnostics(check, &told).map { "  " + $0 })
    }

    private func diagnostics(_ check: ReportDocument.Check, _ told: inout Set<String>) -> [String] {
        var message = check.detail
        if check.outcome == .broken { message = "could not be found out: \(message)" }
        if check.isFlaky {
            message = "flaky: passed at attempt \(check.attempts)" + (message.isEmpty ? "" : "; \(message)")
        }
        var lines: [String] = []
        if let platform = check.platform, report.hasParts, !(message.isEmpty && check.outcome == .pass) {
            lines.append("platform: \(Self.quoted(platform))")
        }
        if !message.isEmpty { lines.append("message: \(Self.quoted(message))") }
        if check.outcome != .pass { lines.append("outcome: \(check.outcome.rawValue)") }
        if check.attempts > 1 { lines.append("attempts: \(check.attempts)") }
        if check.duration > .zero { lines.append("duration_ms: \(check.duration.milliseconds.tenths)") }
        let findings = check.outcome == .pass ? [] : findings.of(check)
        if !findings.isEmpty {
            lines.append("findings: \(Self.quoted(findings.map(\.code).joined(separator: " ")))")
            // Only the first check of a finding has its full text.
            let fresh = findings.filter { told.insert(ReportDocument.Check.key($0.code, on: $0.platform)).inserted }
            for (key, values) in [
                ("cause", fresh.map(\.cause)), ("remedy", fresh.map(\.remedy)), ("evidence", fresh.flatMap(\.evidence)),
            ] where !values.isEmpty {
                lines.append("\(key): \(Self.quoted(values.joined(separator: "\n")))")
            }
        }
        return lines.isEmpty ? [] : ["---"] + lines + ["..."]
    }

    /// Escapes `#`, which begins a directive in descriptions and reasons, and `\`, which escapes it.
    static func escaped(_ text: String) -> String {
        text.oneLine.escaping { $0 == "\\" ? "\\\\" : $0 == "#" ? "\\#" : nil }
    }

    /// A double-quoted YAML 1.2 scalar.
    static func quoted(_ text: String) -> String {
        let quoted = text.printable.escaping { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            case "\t": "\\t"
            default: nil
            }
        }
        return "\"\(RunnerCommands.broken(quoted, as: .yaml))\""
    }
}

extension TAPReport: ReportForm {
    static let about = "TAP 14"

    static func text(_ subject: Reported, style: ConsoleStyle) -> SafeText {
        SafeText(TAPReport(subject.document).text)
    }
}
