import Findings
import Processes

/// JUnit XML as Jenkins' xunit plugin (`junit-10.xsd`), GitLab and most others accept it. A failed check is a failure,
/// a broken one an error. A flaky one has Surefire's `flakyFailure`, which Jenkins counts as passed.
///
/// Schema: <https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd>,
/// <https://maven.apache.org/surefire/maven-surefire-plugin/examples/rerun-failing-tests.html>.
struct JUnitReport {
    let report: ReportDocument
    private let findings: FindingsByCheck

    init(_ report: ReportDocument) {
        self.report = report
        findings = FindingsByCheck(report)
    }

    var text: String {
        let summary = report.summary
        let name = "assay \(report.command)"
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        lines.append(
            XMLText.tag(
                "testsuites",
                [
                    "name": name, "time": report.duration.seconds, "tests": "\(report.checks.count)",
                    "failures": "\(summary.fail)", "errors": "\(summary.broken)",
                ]))
        lines += report.parts.flatMap { JUnitReport($0).suite(of: report) }
        return (lines + ["</testsuites>", ""]).joined(separator: "\n")
    }

    /// The suite of one platform, or of all checks.
    private func suite(of whole: ReportDocument) -> [String] {
        let summary = report.summary
        let platform = whole.hasParts ? report.platforms?.first?.platform : nil
        let name = "assay \(report.command)" + (platform.map { " \($0)" } ?? "")
        var lines = [
            "  "
                + XMLText.tag(
                    "testsuite",
                    [
                        "name": name, "tests": "\(report.checks.count)", "failures": "\(summary.fail)",
                        "errors": "\(summary.broken)", "skipped": "\(summary.skip)", "time": report.duration.seconds,
                        "timestamp": report.started.text, "hostname": report.host?.name,
                    ])
        ]
        var story = Story()
        lines += properties + report.checks.flatMap { testCase($0, on: platform, &story) }
        let findings = report.findings.filter { $0.checks.isEmpty }
        if !findings.isEmpty {
            lines.append("    " + XMLText.element("system-out", text: findings.map(Self.words).joined(separator: "\n")))
        }
        return lines + ["  </testsuite>"]
    }

    private var properties: [String] {
        let rows =
            [
                ("assay.version", report.version), ("assay.verdict", report.verdict.rawValue),
                ("assay.claim", Claim(report).text),
            ] + (report.platforms ?? []).map { ("assay.platform", $0.platform) } + report.facts
        return ["    <properties>"]
            + rows.map { "      " + XMLText.tag("property", ["name": $0.0, "value": $0.1], empty: true) }
            + ["    </properties>"]
    }

    /// - Parameter platform: nil where only one was judged.
    private func testCase(
        _ check: ReportDocument.Check, on platform: String?, _ story: inout Story
    ) -> [String] {
        let group = ["assay", platform, check.kind, check.venue].compactMap { $0 }.joined(separator: ".")
        let tag: KeyValuePairs<String, String?> = [
            "name": check.reference, "classname": group, "time": check.duration.seconds,
        ]
        let findings = findings.of(check).map { ($0, isInFull: story.isInFull($0)) }
        var inner: [String] = []
        let type = check.findings.first ?? check.outcome.rawValue
        switch check.outcome {
        case .pass where check.isFlaky:
            inner.append(
                XMLText.tag(
                    "flakyFailure", ["message": "passed at attempt \(check.attempts)", "type": "flaky"], empty: true))
        case .pass: break
        case .skip: inner.append(XMLText.tag("skipped", ["message": check.detail], empty: true))
        case .fail:
            let text = findings.map { $1 ? Self.words($0) : "\($0.severity.rawValue) \($0.code): told above" }
                .joined(separator: "\n")
            inner.append(XMLText.element("failure", ["message": check.detail, "type": type], text: text))
        case .broken:
            let message = "could not be found out: \(check.detail)"
            inner.append(XMLText.element("error", ["message": message, "type": type], text: ""))
        }
        let said = [check.outcome == .pass ? check.detail : ""] + findings.flatMap { $1 ? $0.evidence : [] }
        let output = said.filter { !$0.isEmpty }.joined(separator: "\n")
        if !output.isEmpty { inner.append(XMLText.element("system-out", text: output)) }
        guard !inner.isEmpty else { return ["    " + XMLText.tag("testcase", tag, empty: true)] }
        return ["    " + XMLText.tag("testcase", tag)] + inner.map { "      " + $0 } + ["    </testcase>"]
    }

    private static func words(_ finding: ReportDocument.Finding) -> String {
        "\(finding.severity.rawValue) \(finding.code): \(finding.summary)\ncause: \(finding.cause)\nremedy: \(finding.remedy)"
    }
}

extension JUnitReport: ReportForm {
    static let about = "JUnit XML, for Jenkins, GitLab and others"

    static func text(_ subject: Reported, style: ConsoleStyle) -> SafeText {
        SafeText(JUnitReport(subject.document).text, as: .reference)
    }
}
