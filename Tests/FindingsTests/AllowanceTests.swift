import Findings
import Testing

@Suite("Allowed findings") struct AllowanceTests {
    private let checks = [
        Check(id: "a", kind: .probe, outcome: .fail, findings: [.handlerNotFixed]),
        Check(id: "b", kind: .probe, outcome: .pass),
    ]
    private let finding = Finding(.handlerNotFixed, summary: "s", evidence: [], checks: ["a"])

    private func rules(_ codes: FindingCode..., findings: [Finding]? = nil, day: String = "2026-11-29")
        -> AllowanceRules
    {
        AllowanceRules(
            codes.map { Allowance(code: $0, reason: "r", expires: "2026-11-30", source: "f") },
            of: findings ?? [finding], on: day)
    }

    @Test("a failure that only an allowed finding explains is not minded") func allowed() {
        let rules = rules(.handlerNotFixed)
        #expect(rules.allowed.map(\.isExpired) == [false])
        #expect(rules.remaining(of: .unfit, checks: checks, findings: [finding]) == .fit)
        #expect(self.rules(.handlerMissing).allowed.isEmpty)
        #expect(self.rules(.handlerMissing).remaining(of: .unfit, checks: checks, findings: [finding]) == .unfit)
    }

    @Test("its last day counts, and the day after does not", arguments: [("2026-11-30", false), ("2026-12-01", true)])
    func expiry(day: String, isExpired: Bool) {
        let rules = rules(.handlerNotFixed, day: day)
        #expect(rules.allowed.map(\.isExpired) == [isExpired])
        #expect(
            rules.remaining(of: .unfit, checks: checks, findings: [finding]) == (isExpired ? .unfit : .fit))
    }

    @Test("what is broken is never allowed, and neither is a failure that nothing explains, or something else, too")
    func others() {
        let rules = rules(.handlerNotFixed)
        func remaining(_ more: Check..., findings: [Finding] = []) -> Verdict {
            rules.remaining(of: .unfit, checks: checks + more, findings: [finding] + findings)
        }
        #expect(remaining(Check(id: "c", kind: .probe, outcome: .broken)) == .undetermined)
        #expect(
            remaining(Check(id: "c", kind: .probe, outcome: .broken, findings: [.handlerNotFixed])) == .undetermined)
        #expect(remaining(Check(id: "c", kind: .step, outcome: .fail)) == .unfit)
        let other = Finding(.emulationCrashes, summary: "s", evidence: [], checks: ["c"])
        #expect(remaining(Check(id: "c", kind: .probe, outcome: .fail), findings: [other]) == .unfit)
        #expect(
            remaining(
                Check(id: "c", kind: .probe, outcome: .fail, findings: [.handlerNotFixed, .emulationCrashes]),
                findings: [other]) == .unfit)
        let note = Finding(.hostNative, severity: .info, summary: "s", evidence: [], checks: ["c"])
        #expect(remaining(Check(id: "c", kind: .probe, outcome: .fail), findings: [note]) == .unfit)
        #expect(rules.remaining(of: .undetermined, checks: checks, findings: [finding]) == .undetermined)
        #expect(rules.remaining(of: .fit, checks: [], findings: []) == .fit)
    }

    @Test("a failure that a finding names, though the check does not, is explained by it") func byReference() {
        let check = Check(id: "a", kind: .probe, venue: "chroot", outcome: .fail)
        var finding = finding
        finding.checks = ["a@chroot"]
        #expect(rules(.handlerNotFixed).remaining(of: .unfit, checks: [check], findings: [finding]) == .fit)
    }
}
