import Evidence
import Findings
import Glibc
import Guest
import TestSupport
import Testing

@Suite("What follows from a cause") struct ConsequenceTests {
    private static let others = ["fp.rounding", "memory.brk", "thread.create-join"]

    /// The smallest program's result and that of its second start; the other probes' first results are like it.
    private func probes(
        _ result: ProbeEvidence.Result, second: ProbeEvidence.Result?, venue: Venue = .direct
    ) -> [ProbeEvidence] {
        var smallest = Given.probe(result, venue: venue)
        smallest.second = second
        return [smallest] + Self.others.map { Given.probe(result, $0, venue: venue) }
    }

    private let refused = ProbeEvidence.Result.refused(error: ENOEXEC, text: "ENOEXEC")

    @Test("is not run, has the cause's code, and is no failure of its own") func follows() {
        let diagnosis = Diagnosis(Given.host([]), probes(refused, second: refused))
        let probes = diagnosis.checks.filter { $0.kind == .probe }
        #expect(probes.map(\.outcome) == [.fail, .skip, .skip, .skip])
        #expect(probes.map(\.follows) == [nil] + Self.others.map { _ in .handlerMissing })
        #expect(probes.dropFirst().allSatisfy { $0.detail == "follows from handler-missing" && $0.findings.isEmpty })
        #expect(diagnosis.findings[0].checks == ["exec.static@direct"])
        #expect(diagnosis.verdict == .unfit && diagnosis.stopsBuilds)
    }

    @Test(
        "stands for itself where the cause was seen once, could not be found out, or went away",
        arguments: [
            nil, .refused(error: ENOMEM, text: "ENOMEM"), .lost(reason: "interrupted"), .passed(note: nil),
        ] as [ProbeEvidence.Result?])
    func once(second: ProbeEvidence.Result?) {
        let diagnosis = Diagnosis(Given.host([]), probes(refused, second: second))
        #expect(diagnosis.checks.allSatisfy { $0.follows == nil } && !diagnosis.stopsBuilds)
        #expect(diagnosis.checks.filter { $0.kind == .probe }.allSatisfy { $0.outcome == .fail })
    }

    @Test("never from what is broken") func broken() {
        let lost = ProbeEvidence.Result.lost(reason: "no memory")
        let diagnosis = Diagnosis(Given.host([Given.handler()]), probes(lost, second: lost))
        #expect(diagnosis.checks.allSatisfy { $0.follows == nil } && diagnosis.verdict == .undetermined)
    }

    @Test("only in the venue in which no program started") func venues() {
        let missing = ProbeEvidence.Result.refused(error: ENOENT, text: "ENOENT")
        let works = [Given.passed] + Self.others.map { Given.probe(.passed(note: nil), $0) }
        let diagnosis = Diagnosis(
            Given.host([Given.handler(flags: "PO")]), works + probes(missing, second: missing, venue: .chroot))
        let following = diagnosis.checks.filter { $0.follows == .handlerNotFixed }.map(\.reference)
        #expect(following == Self.others.map { "\($0)@chroot" } && diagnosis.stopsBuilds)
        // What runs in one container runs in a builder's.
        let both = Diagnosis(
            Given.host([Given.handler()]),
            probes(missing, second: missing, venue: .chroot) + [Given.probe(.passed(note: nil), venue: .container)])
        #expect(!both.stopsBuilds)
    }

    @Test("is said of a builder that was not tried for it") func builders() {
        var evidence = CommandEvidence(host: Given.host([]), probes: probes(refused, second: refused))
        var builder = BuilderEvidence(
            builder: "buildah", guest: .arm64, result: .notApplicable(reason: "not tried"))
        builder.isBlocked = true
        evidence.builders = [builder]
        let check = Diagnosis(evidence).checks.last
        #expect(check?.outcome == .skip && check?.follows == .handlerMissing)
        #expect(check?.detail == "follows from handler-missing")
    }

    @Test("no interpreter passes through which no program ran", arguments: [1, 0] as [Int32])
    func interpreter(status: Int32) {
        let silent = ProbeEvidence.Result.silent(status: status)
        let diagnosis = Diagnosis(Given.host([Given.handler(interpreter: "/bin/cat")]), [Given.probe(silent)])
        let link = diagnosis.checks.first { $0.id == PathLink.interpreter.rawValue }
        #expect(link?.outcome != .pass, "\(String(describing: link))")
    }
}
