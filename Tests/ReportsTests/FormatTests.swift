import Findings
import Processes
import Testing

@testable import Reports

@Suite("The forms of a report") struct FormatTests {
    private static func earlier(than report: ReportDocument) throws -> EarlierRuns {
        var history = EarlierReports(than: report)
        for day in 1...40 {
            var earlier = try Sample.report("fit")
            earlier.started = Timestamp(seconds: earlier.started.seconds - day * 86_400)
            earlier.duration = .milliseconds(100 + day)
            earlier.verdict = day == 3 ? .unfit : .fit
            history.add(earlier)
        }
        return history.runs
    }

    @Test("are as expected", arguments: Sample.names, ReportFormat.allCases)
    func expected(name: String, format: ReportFormat) throws {
        let report = try Sample.report(name)
        try Sample.expect(format.render(report, earlier: Self.earlier(than: report)), "\(name).\(format.rawValue)")
    }

    @Test("are as expected of a fleet", arguments: ReportFormat.allCases) func fleet(format: ReportFormat) throws {
        try Sample.expect(format.render(Sample.fleet(expected: 4)), "fleet.\(format.rawValue)")
    }

    @Test("GitHub's file is Markdown", arguments: Sample.names) func markdown(name: String) throws {
        try Sample.expect(ReportFormat.github.renderFile(Sample.report(name)), "\(name).md")
        try Sample.expect(ReportFormat.github.renderFile(Sample.fleet(expected: 4)), "fleet.md")
    }

    @Test("GitHub gets ten errors and ten warnings at most, one line each, and the last says what is missing")
    func annotations() throws {
        var report = try Sample.report("hostile")
        let finding = report.findings[0]
        report.findings = (0..<30).flatMap { number in
            [Severity.error, .warning].map { severity in
                var one = finding
                one.code = "code-\(number)"
                one.severity = severity
                return one
            }
        }
        let lines = try ReportFormat.github.render(report).split(separator: "\n").filter { !$0.hasPrefix("::notice ") }
        #expect(lines.count == 20 && lines.count { $0.hasPrefix("::error title=") } == 10)
        #expect(lines.allSatisfy { $0.hasPrefix("::error title=") || $0.hasPrefix("::warning title=") })
        // Eleven and on: thirty findings, and the failed and the broken checks.
        #expect(lines[9].hasPrefix("::error title=assay%3A 23 more::") && lines[9].contains("code-29"))
    }

    @Test("a step's summary keeps within its limit, and says that it does") func summaryLimit() throws {
        var report = try Sample.report("unfit")
        let checks = report.checks.filter { $0.kind != "probe" }
        report.checks += (0..<8_000).flatMap { number in
            checks.map {
                var check = $0
                check.id += "\(number)"
                return check
            }
        }
        for limit in [0, 100, 5_000, 1 << 20] {
            let text = try ReportFormat.github.renderFile(report, limit: limit)
            #expect(text.utf8.count <= limit)
            if limit > 1000 { #expect(text.contains("no room for") && text.contains("unfit")) }
        }
    }
}
