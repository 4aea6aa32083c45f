import Evidence
import Findings
import Testing

@Suite("Rules about durations") struct DurationRuleTests {
    private func evidence(_ check: String, _ now: Int, usual: Int = 200, spread: Int = 5, samples: Int = 5)
        -> DurationEvidence
    {
        DurationEvidence(
            check: check, duration: .milliseconds(now), median: .milliseconds(usual), spread: .milliseconds(spread),
            samples: samples)
    }

    @Test("checks slower than usual are one finding, the slowest first") func merged() throws {
        let found = DurationRules([evidence("a", 450), evidence("b", 210), evidence("c", 1000)]).findings
        let finding = try #require(found.first)
        #expect(found.count == 1 && finding.code == .checkSlowerThanUsual && finding.severity == .warning)
        #expect(finding.checks == ["c", "a"])
        #expect(finding.summary == "c took 5.0 times as long as usual, and 1 more took longer than usual")
    }

    @Test("each condition is needed") func conditions() {
        #expect(DurationRules.isSlower(evidence("a", 450)))
        #expect(!DurationRules.isSlower(evidence("a", 450, samples: 4)))
        #expect(!DurationRules.isSlower(evidence("a", 400)))
        #expect(!DurationRules.isSlower(evidence("a", 450, spread: 60)))
        #expect(DurationRules.isSlower(evidence("a", 160, usual: 60)))
        #expect(!DurationRules.isSlower(evidence("a", 159, usual: 60)))
    }
}
