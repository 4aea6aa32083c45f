import Evidence
import Findings
import History
import Processes
import TestSupport
import Testing

@Suite("What changed between two runs")
struct RunChangesTests {
    private func run(
        _ checks: [(id: String, outcome: Outcome)], host: HostEvidence? = Given.emulated(), findings: [FindingCode] = []
    ) -> RecordedRun {
        RecordedRun(
            overview: RunOverview(
                id: 1, command: "run", started: Timestamp(seconds: 0), duration: .zero, verdict: .fit, version: "0",
                exitStatus: 0, host: host.map { HostFingerprint($0) }, privileged: true, counts: OutcomeCounts()),
            checks: checks.map {
                RecordedCheck(
                    name: CheckName(kind: "probe", id: $0.id), outcome: $0.outcome, duration: .zero, attempts: 1,
                    detail: "")
            },
            findings: findings.map { RecordedFinding(code: $0.rawValue, severity: .error, summary: "") })
    }

    @Test("a run has none against itself") func none() {
        let one = run([("a", .pass), ("b", .skip)], findings: [.handlerMissing])
        #expect(RunChanges(from: one, to: one).isEmpty)
    }

    @Test("of two checks with one name the worse one counts", arguments: [Outcome.fail, .broken])
    func worse(bad: Outcome) {
        let (good, both) = (run([("a", .pass)]), run([("a", bad), ("a", .pass)]))
        #expect(RunChanges(from: good, to: both).newFailures.map(\.check.outcome) == [bad])
        #expect(RunChanges(from: both, to: good).fixed.map(\.before?.outcome) == [bad])
        #expect(RunChanges(from: both, to: both).stillFailing.count == 1)
    }

    @Test("a run that did not look at the host says nothing about it") func withoutHost() {
        let (here, nowhere) = (run([]), run([], host: nil))
        #expect(RunChanges(from: here, to: nowhere).isEmpty && RunChanges(from: nowhere, to: here).isEmpty)
        let changes = RunChanges(from: here, to: run([], host: Given.emulated(qemu: "10.0.2")))
        #expect(changes.host.map(\.fact) == ["QEMU"] && changes.host.map(\.now) == ["10.0.2"])
        #expect(!changes.isEmpty)
    }

    @Test("findings are compared by their codes") func findings() {
        let changes = RunChanges(
            from: run([], findings: [.handlerMissing, .handlerNotFixed]), to: run([], findings: [.handlerMissing]))
        #expect(changes.goneFindings.map(\.code) == ["handler-not-fixed"] && changes.newFindings.isEmpty)
    }
}
