import Findings
import Processes
import Testing

@testable import Reports

@Suite("Large reports") struct LargeReportTests {
    private func report(checks: Int, findings: [ReportDocument.Finding], sameName: Bool = false) throws
        -> ReportDocument
    {
        var report = try Sample.report("fit")
        report.checks = (0..<checks).map { number in
            ReportDocument.Check(
                id: sameName ? "c" : "c\(number)", kind: "probe", outcome: .fail, duration: .zero, attempts: 1,
                detail: "d",
                findings: [])
        }
        report.findings = findings
        return report
    }

    private func finding(_ code: String, checks: [String], evidence: [String] = ["e"]) -> ReportDocument.Finding {
        ReportDocument.Finding(
            code: code, severity: .error, summary: "s", evidence: evidence, cause: "cause", remedy: "r", checks: checks)
    }

    @Test(
        "a finding of many checks is told in full until that is more than anybody reads, and named after that",
        arguments: [ReportFormat.junit, .tap]) func told(format: ReportFormat) throws
    {
        let long = finding("long", checks: (0..<5000).map { "c\($0)" }, evidence: (0..<1000).map { "line \($0)" })
        let text = try format.render(report(checks: 5000, findings: [long]))
        #expect(text.utf8.count < 4 << 20)
        #expect(text.contains("line 999"))
        #expect(format == .tap || text.contains("error long: told above"))
    }

    @Test("few checks of a finding tell it each time") func repeated() throws {
        let short = finding("short", checks: ["c0", "c1", "c2"])
        let text = try ReportFormat.junit.render(report(checks: 3, findings: [short]))
        #expect(text.components("cause: cause") == 3 && !text.contains("told above"))
    }

    @Test("checks of one name and findings that all name it do not multiply", arguments: [ReportFormat.junit, .tap])
    func product(format: ReportFormat) throws {
        let findings = (0..<5000).map { finding("code-\($0)", checks: ["c"]) }
        let report = try report(checks: 5000, findings: findings, sameName: true)
        var text = ""
        let time = try ContinuousClock().measure { text = try format.render(report) }
        #expect(text.utf8.count < 64 << 20 && time < .seconds(60))
    }

    @Test("a check's findings are those that name it or that it names, in the report's order") func concerned() throws {
        var report = try report(
            checks: 2, findings: [finding("a", checks: []), finding("b", checks: ["c0"]), finding("c", checks: ["c1"])])
        report.checks[0].findings = ["a"]
        let found = FindingsByCheck(report)
        #expect(found.of(report.checks[0]).map(\.code) == ["a", "b"])
        #expect(found.of(report.checks[1]).map(\.code) == ["c"])
        report.checks[1].outcome = .pass
        #expect(found.of(report.checks[1]).isEmpty)
    }

    @Test("a text of more values than any report has is not decoded") func values() throws {
        let json = try ReportFormat.json.render(report(checks: 0, findings: []))
        let text = json.dropLast(3) + ",\"unknown\":[" + String(repeating: "1,", count: 2_500_000) + "1]}"
        let error = #expect(throws: MalformedReport.self) { try ReportDocument(json: Array(text.utf8), file: "r.json") }
        #expect(error?.description == "reading a saved report, r.json: expected at most 2500000 values, found more")
    }

    @Test("what stands in a string is no value") func strings() {
        let text = Array(#"{"a":"[,:{\",","b":[1,2]}"#.utf8)
        #expect(JSONValues.areAtMost(6, in: text) && !JSONValues.areAtMost(5, in: text))
    }

    @Test("more reports than are kept are named") func tooMany() throws {
        var builder = FleetBuilder()
        var report = try report(checks: 0, findings: [])
        for number in 0...50_000 {
            #expect(builder.excess == nil)
            report.started = Timestamp(seconds: number)
            builder.add(report, file: "f")
        }
        #expect(builder.excess?.description.contains("expected at most 50000 reports") == true)
    }

    @Test("any number of one host's reports may have begun together") func together() throws {
        var builder = FleetBuilder()
        var report = try report(checks: 1, findings: [])
        let time = ContinuousClock().measure {
            for number in 0..<40_000 {
                report.checks[0].id = "c\(number)"
                builder.add(report, file: "f")
            }
            builder.add(report, file: "f")
        }
        let fleet = builder.fleet(version: "1", expected: nil)
        #expect(fleet.duplicates == 1 && fleet.reports + fleet.superseded == 40_000 && time < .seconds(30))
    }
}

extension String {
    /// How often a text stands in it.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
