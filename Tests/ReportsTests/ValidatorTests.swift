import Findings
import Reports
import Testing

@Suite("Programs that read reports") struct ValidatorTests {
    private func each(_ format: ReportFormat) throws -> [String] {
        try Sample.names.map { try format.render(Sample.report($0)) } + [format.render(Sample.fleet(expected: 4))]
    }

    @Test(
        "JUnit is valid by the schema",
        .enabled(if: Validator.has("xmllint"), "xmllint (libxml2-utils) is not installed"))
    func junit() throws {
        let command = "xmllint --noout --nonet --schema '\(Sample.schema)' \"$0\""
        for text in try each(.junit) {
            let result = Validator.run(command, text)
            #expect(result.status == 0, "\(result.output)")
        }
        let wrong = try ReportFormat.junit.render(Sample.report("fit")).replacing("<skipped", with: "<skiped")
        #expect(Validator.run(command, wrong).status != 0)
    }

    @Test(
        "a test case of JUnit says what became of the check",
        .enabled(if: Validator.has("xmllint"), "xmllint (libxml2-utils) is not installed"))
    func junitCounts() throws {
        let text = try ReportFormat.junit.render(Sample.report("unfit"))
        for (path, count) in [
            ("//failure", "5"), ("//error", "1"), ("//testcase", "7"), ("//testsuite/@failures", "5"),
        ] {
            let function = path.contains("@") ? "number(\(path))" : "count(\(path))"
            #expect(Validator.run("xmllint --xpath '\(function)' \"$0\"", text).output.hasPrefix(count), "\(path)")
        }
        let fit = try ReportFormat.junit.render(Sample.report("fit"))
        #expect(
            Validator.run("xmllint --xpath 'count(//flakyFailure) + count(//skipped)' \"$0\"", fit).output.hasPrefix(
                "2"))
    }

    @Test(
        "SARIF is what the models of its schema take",
        .enabled(
            if: Validator.has("sarif-check"),
            "sarif-check (ci/nightly makes it of PyPI's sarif-pydantic) is not installed"))
    func sarif() throws {
        for text in try each(.sarif) {
            let result = Validator.run("sarif-check \"$0\"", text)
            #expect(result.status == 0, "\(result.output)")
        }
        let wrong = try ReportFormat.sarif.render(Sample.report("unfit")).replacing(
            "\"level\"", with: "\"level\" : 1, \"was\"")
        #expect(Validator.run("sarif-check \"$0\"", wrong).status != 0)
    }

    /// perl's harness before 3.45 knows TAP 13 and no more; 14 is made to be read by it.
    private static let prove =
        "sed 's/^TAP version 14$/TAP version 13/' \"$0\" > \"$0.tap\"; prove -e cat \"$0.tap\"; s=$?; rm -f \"$0.tap\"; exit $s"

    @Test(
        "perl's TAP::Harness counts the same as the report",
        .enabled(if: Validator.has("prove"), "prove (perl) is not installed"))
    func tap() throws {
        for name in Sample.names {
            let report = try Sample.report(name)
            let text = try ReportFormat.tap.render(report)
            #expect(text.hasPrefix("TAP version 14\n"))
            let result = Validator.run(Self.prove, text)
            let bad = report.summary.fail + report.summary.broken
            #expect(!result.output.contains("Parse errors"), "\(result.output)")
            #expect((result.status == 0) == (bad == 0), "\(result.output)")
            #expect(result.output.contains("Tests=\(report.checks.count),"), "\(result.output)")
            if bad > 0 { #expect(result.output.contains("Failed: \(bad))"), "\(result.output)") }
        }
        #expect(
            Validator.run(Self.prove, try ReportFormat.tap.render(Sample.report("fit")).replacing("1..4", with: "1..5"))
                .status != 0)
    }

    @Test(
        "promtool finds nothing wrong with the metrics",
        .enabled(if: Validator.has("promtool"), "promtool (prometheus) is not installed"))
    func prometheus() throws {
        for text in try each(.prometheus) {
            let result = Validator.run("promtool check metrics < \"$0\"", text)
            #expect(result.status == 0 && result.output.isEmpty, "\(result.output)")
        }
        #expect(Validator.run("promtool check metrics < \"$0\"", "assay_x{a=\"b} 1\n").status != 0)
    }
}
