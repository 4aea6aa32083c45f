import Findings
import Testing

@testable import ScenarioFormat

@Suite("What is expected of a step")
struct ExpectationTests {
    private func check(_ outcome: Outcome, _ detail: String = "") -> Check {
        Check(id: "a", kind: .probe, venue: "direct", outcome: outcome, detail: detail)
    }

    private func finding(_ code: FindingCode) -> Finding { Finding(code, summary: "s", evidence: []) }

    @Test("a pass, where nothing is said") func plain() {
        let plain = Expectation()
        #expect(plain.isPlain)
        #expect(plain.problems(checks: [check(.pass), check(.skip)], findings: []) == [])
        #expect(plain.problems(checks: [check(.skip)], findings: []).count == 1)
        #expect(plain.problems(checks: [], findings: []).count == 1)
        let problem = plain.problems(checks: [check(.pass), check(.fail, "why")], findings: [])
        #expect(problem == ["expected the outcome pass, found fail (a@direct: why)"])
    }

    @Test("a finding must appear; with only, no other may") func findings() {
        var wanted = Expectation(findings: [.handlerNotFixed])
        #expect(!wanted.isPlain)
        #expect(wanted.problems(checks: [check(.fail)], findings: [finding(.handlerNotFixed)]) == [])
        #expect(
            wanted.problems(checks: [check(.fail)], findings: [finding(.handlerMissing)])
                == ["expected the finding handler-not-fixed, found handler-missing"])
        let both = [finding(.handlerNotFixed), finding(.handlerMissing)]
        #expect(wanted.problems(checks: [check(.fail)], findings: both) == [])
        wanted.only = true
        #expect(wanted.problems(checks: [check(.fail)], findings: both).count == 1)
    }

    @Test("a detail must be said") func detail() {
        let wanted = Expectation(outcome: .broken, detail: "No space")
        #expect(wanted.problems(checks: [check(.broken, "No space left")], findings: []) == [])
        #expect(wanted.problems(checks: [check(.broken, "other")], findings: []).count == 1)
        #expect(wanted.problems(checks: [check(.fail, "No space left")], findings: []).count == 1)
    }
}
