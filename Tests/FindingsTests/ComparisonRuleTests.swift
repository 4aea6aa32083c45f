import Evidence
import Findings
import Testing

@Suite("What a comparison says") struct ComparisonRuleTests {
    private func judged(_ result: ComparisonEvidence.Result) throws -> (Check, Diagnosis) {
        var evidence = CommandEvidence()
        evidence.comparisons = [ComparisonEvidence(name: "a.o", reference: "b.o", result: result)]
        let diagnosis = Diagnosis(evidence)
        return (try #require(diagnosis.checks.first), diagnosis)
    }

    @Test("equal passes, without a finding") func equal() throws {
        let (check, diagnosis) = try judged(.equal(bytes: 12))
        #expect(check.outcome == .pass && check.detail == "equal to b.o, 12 bytes")
        #expect(diagnosis.findings.isEmpty && diagnosis.verdict == .fit)
    }

    @Test("the first difference is told with its place and both bytes") func different() throws {
        let place = ".text+0x40, in main+0x14"
        let (check, diagnosis) = try judged(
            .different(.init(offset: 104, found: 0xd5, expected: 0x05, place: place, count: 3)))
        #expect(check.outcome == .fail && check.findings == [.artifactNotReproducible])
        #expect(diagnosis.codes == [.artifactNotReproducible] && diagnosis.verdict == .unfit)
        #expect(
            diagnosis.findings[0].summary
                == "a.o differs from b.o at offset 104 (.text+0x40, in main+0x14): expected 0x05, found 0xd5; 3 bytes differ"
        )
        #expect(diagnosis.findings[0].checks == ["artifact.same@a.o"])
    }

    @Test("a file that only one side has is a difference") func missing() throws {
        let (check, diagnosis) = try judged(.missing(from: "out"))
        #expect(check.outcome == .fail && check.detail == "a.o: out does not have this file")
        #expect(diagnosis.codes == [.artifactNotReproducible])
    }

    @Test("what could not be read is not found out") func unreadable() throws {
        let (check, diagnosis) = try judged(.unreadable(reason: "comparing a.o with b.o: permission denied"))
        #expect(check.outcome == .broken && diagnosis.findings.isEmpty && diagnosis.verdict == .undetermined)
    }
}
