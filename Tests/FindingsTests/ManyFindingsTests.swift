import Evidence
import Findings
import Testing

@Suite("Many findings of one code") struct ManyFindingsTests {
    private func finding(_ number: Int, severity: Severity = .error) -> Finding {
        var finding = Finding(
            .artifactNotReproducible, summary: "file \(number)", evidence: ["line \(number)"],
            checks: ["check \(number)"])
        finding.severity = severity
        return finding
    }

    @Test("are merged in their own length, and their evidence ends with how much more there is") func many() {
        let count = 100_000
        var merged: [Finding] = []
        let time = ContinuousClock().measure { merged = Diagnosis.merged((0..<count).map { finding($0) }) }
        #expect(merged.count == 1 && merged[0].summary == "file 0" && merged[0].checks.count == count)
        // Each but the first adds its summary and its line.
        #expect(merged[0].evidence.count == 1001 && merged[0].evidence.last == "… and \(2 * count - 1 - 1000) more")
        #expect(time < .seconds(30))
    }

    @Test("the gravest speaks, wherever it stands, and a check is named once") func gravest() {
        let findings = [finding(1, severity: .warning), finding(2), finding(2, severity: .warning)]
        let merged = Diagnosis.merged(findings)
        #expect(merged.map(\.summary) == ["file 2"] && merged[0].severity == .error)
        #expect(merged[0].evidence == ["line 2", "file 1", "line 1"])
        #expect(merged[0].checks == ["check 2", "check 1"])
    }

    @Test("of a comparison of two trees leave each check its finding") func compared() {
        var evidence = CommandEvidence()
        evidence.comparisons = (0..<20_000).map { number in
            ComparisonEvidence(name: "a/\(number)", reference: "b/\(number)", result: .missing(from: "b"))
        }
        var diagnosis: Diagnosis?
        let time = ContinuousClock().measure { diagnosis = Diagnosis(evidence) }
        #expect(diagnosis?.checks.allSatisfy { $0.findings == [.artifactNotReproducible] } == true)
        #expect(time < .seconds(30))
    }
}
