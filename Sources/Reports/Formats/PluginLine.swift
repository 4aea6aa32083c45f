import Findings

/// One line for node-problem-detector's custom plugins, which cut off what is behind 80 bytes.
///
/// Specification: <https://github.com/kubernetes/node-problem-detector/blob/master/docs/custom_plugin_monitor.md>.
public struct PluginLine: ReportForm {
    static let about = "one line of at most 80 bytes, for node-problem-detector"
    private static let mostBytes = 80

    public static func text(_ subject: Reported, style: ConsoleStyle) -> SafeText {
        let report = subject.document
        let finding = report.findings.first {
            report.verdict == .unfit ? $0.severity == .error : report.verdict == .undetermined && $0.isAboutRun
        }
        guard let finding, report.remaining != .fit else { return text(Claim(report).text) }
        let said = finding.isAboutRun ? finding.summary : finding.headline
        return text("\(finding.code): \(said)")
    }

    /// A line of its form.
    public static func text(_ line: String) -> SafeText {
        let whole = SafeText(line.oneLine).string
        guard whole.utf8.count > mostBytes else { return SafeText(trusted: whole + "\n") }
        var (cut, bytes) = ("", 3)
        for scalar in whole.unicodeScalars {
            bytes += String(scalar).utf8.count
            if bytes > mostBytes { break }
            cut.unicodeScalars.append(scalar)
        }
        return SafeText(trusted: cut + "...\n")
    }
}
