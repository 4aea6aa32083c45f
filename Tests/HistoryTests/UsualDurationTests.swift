import Evidence
import Findings
import History
import Testing

@Suite("What a check usually takes")
struct UsualDurationTests {
    @Test("is the median; the spread is the median distance from it") func median() throws {
        let odd = try #require(UsualDuration([110, 120, 130, 1000, 100].map { .milliseconds($0) }))
        #expect(odd.median == .milliseconds(120) && odd.spread == .milliseconds(10) && odd.samples == 5)
        let even = try #require(UsualDuration([.milliseconds(130), .milliseconds(120)]))
        #expect(even.median == .milliseconds(125) && even.spread == .milliseconds(5) && even.samples == 2)
    }

    @Test("is nothing without samples") func nothing() { #expect(UsualDuration([]) == nil) }

    @Test("is set beside a check that passed, and no other", arguments: Outcome.allCases)
    func besides(outcome: Outcome) {
        let name = CheckName(kind: "probe", id: "a", image: "core", venue: "direct")
        let usual = UsualDuration([.milliseconds(10)])
        let evidence = DurationEvidence(name, outcome, .milliseconds(30), usual)
        #expect(evidence?.check == (outcome == .pass ? "a@direct" : nil))
        #expect(DurationEvidence(name, outcome, .milliseconds(30), nil) == nil)
    }
}
