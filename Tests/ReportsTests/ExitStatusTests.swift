import Findings
import Glibc
import Processes
import Reports
import TestSupport
import Testing

@Suite("The exit status") struct ExitStatusTests {
    @Test("it follows the verdict") func verdicts() {
        #expect(ExitStatus(Given.fit.document, strict: false) == .fit)
        #expect(ExitStatus(Given.unfit.document, strict: false) == .unfit)
        #expect(ExitStatus(Given.undetermined.document, strict: false) == .undetermined)
    }

    @Test("strict minds flaky checks and warnings, and nothing else") func strict() {
        #expect(ExitStatus(Given.fit.document, strict: true) == .fit)
        #expect(ExitStatus(Given.warned.document, strict: false) == .fit)
        #expect(ExitStatus(Given.warned.document, strict: true) == .strict)
        #expect(ExitStatus(Given.unfit.document, strict: true) == .unfit)
        #expect(ExitStatus(Given.undetermined.document, strict: true) == .undetermined)
        var report = Given.fit
        report.findings = [Finding(.handlerDropsCredentials, summary: "s", evidence: [])]
        #expect(ExitStatus(report.document, strict: true) == .strict)
        report.findings = [Finding(.hostNative, summary: "s", evidence: [])]
        #expect(ExitStatus(report.document, strict: true) == .fit)
    }

    @Test("the numbers are those of the contract") func numbers() {
        #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 64, 65, 66])
    }

    @Test("a flaky pass counts as a pass and as flaky") func summary() {
        #expect(Given.warned.summary.pass == 1 && Given.warned.summary.flaky == 1)
        let summary = Given.unfit.summary
        #expect([summary.pass, summary.fail, summary.skip, summary.broken, summary.flaky] == [3, 4, 1, 1, 1])
    }
}

@Suite("Timestamps") struct TimestampTests {
    @Test(
        "they are RFC 3339 in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (1_769_846_400, "2026-01-31T08:00:00Z"), (4_102_444_799, "2099-12-31T23:59:59Z"),
        ])
    func text(seconds: Int, text: String) {
        #expect(Timestamp(seconds: seconds).text == text)
    }

    @Test("now is now") func now() {
        let before = time(nil)
        let now = Timestamp.now.seconds
        #expect((before...time(nil)).contains(now))
    }
}
