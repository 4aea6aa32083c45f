import Evidence
import Findings
import Glibc
import TestSupport
import Testing

@Suite("What a probe's own fate says") struct ProbeRuleTests {
    private func judged(_ result: ProbeEvidence.Result) -> Diagnosis {
        Diagnosis(Given.host([Given.handler()]), [Given.probe(result)])
    }

    @Test(
        "each way to fail has its finding, and fails",
        arguments: [
            (ProbeEvidence.Result.failed(expected: "1", seen: "2"), FindingCode.emulationWrongResult),
            (.crashed(signal: SIGSEGV, message: "qemu: uncaught target signal 11"), .emulationCrashes),
            (.silent(status: 3), .emulationWrongResult),
            (.unproven(detail: "printed nothing"), .interpreterWrongProgram),
        ])
    func failures(result: ProbeEvidence.Result, code: FindingCode) {
        let diagnosis = judged(result)
        #expect(diagnosis.codes == [code])
        #expect(diagnosis.findings[0].checks == ["exec.static@direct"])
        #expect(diagnosis.findings[0].severity == .error)
        #expect(diagnosis.outcome("exec.static@direct") == .fail)
        #expect(diagnosis.checks.last?.findings == [code])
        #expect(diagnosis.verdict == .unfit)
    }

    private func hung(_ again: HangTrial?) -> Diagnosis {
        var probe = Given.probe(.hung(limit: .seconds(2)))
        probe.again = again
        return Diagnosis(Given.host([Given.handler()]), [probe])
    }

    @Test("what hangs alone too, while everything else ends in time, is a hang; anything less leaves the question open")
    func hangs() {
        func trial(_ result: ProbeEvidence.Result, twin: Bool? = true, pace: Bool = true) -> HangTrial {
            HangTrial(limit: .seconds(20), result: result, twinEnded: twin, keptPace: pace)
        }
        let again = ProbeEvidence.Result.hung(limit: .seconds(20))
        for twin in [true, nil] {
            let judged = hung(trial(again, twin: twin))
            #expect(judged.codes == [.emulationHangs] && judged.verdict == .unfit)
            #expect(judged.checks.last?.detail.contains("alone none within 20000.0 ms") == true)
        }
        for open in [nil, trial(again, twin: false), trial(again, pace: false), trial(.lost(reason: "killed"))] {
            #expect(hung(open).codes.isEmpty && hung(open).verdict == .undetermined)
        }
    }

    @Test("where nothing ran at all nothing was found out, and that is never fit") func idle() {
        let reason = ProbeEvidence.Result.notApplicable(reason: "no runtime")
        #expect(Diagnosis(Given.host([Given.handler()]), [Given.probe(reason, venue: .oci)]).verdict == .undetermined)
        let some = [Given.probe(reason, venue: .oci), Given.passed]
        #expect(Diagnosis(Given.host([Given.handler()]), some).verdict == .fit)
    }

    @Test("a wrong result shows what was expected and what was seen") func wrongResult() {
        let diagnosis = judged(.failed(expected: "0x3fd5555555555556", seen: "0x3fd5555555555555"))
        #expect(
            diagnosis.findings[0].evidence
                == ["exec.static@direct: expected 0x3fd5555555555556; seen 0x3fd5555555555555"])
    }

    @Test("the wrong program is named, and its remedy registers another") func wrongProgram() {
        let host = Given.host([Given.handler(interpreter: "/bin/true")])
        let diagnosis = Diagnosis(host, [Given.probe(.unproven(detail: "exit status 0, and printed nothing"))])
        #expect(diagnosis.codes == [.interpreterWrongProgram])
        #expect(diagnosis.findings[0].summary.hasPrefix("/bin/true does not emulate AArch64"))
        #expect(diagnosis.findings[0].remedy.contains(Given.interpreter))
    }

    @Test("many probes of one fate are one finding, with five of them as evidence") func grouped() {
        let probes = (0..<8).map { Given.probe(.crashed(signal: 11, message: ""), "group.fact\($0)") }
        let diagnosis = Diagnosis(nil, probes)
        #expect(diagnosis.codes == [.emulationCrashes])
        #expect(diagnosis.findings[0].checks.count == 8)
        #expect(diagnosis.findings[0].evidence.count == 6)
        #expect(diagnosis.findings[0].evidence.last == "… and 3 more like these")
    }

    @Test(
        "execve's judgement of the program fails; the harness's own trouble is broken",
        arguments: [
            (ENOEXEC, Outcome.fail), (ENOENT, .fail), (EACCES, .fail), (EPERM, .fail), (ELIBBAD, .fail),
            (ENOMEM, .broken), (EAGAIN, .broken), (EMFILE, .broken), (E2BIG, .broken),
        ])
    func refusals(error: Int32, outcome: Outcome) {
        let diagnosis = Diagnosis(nil, [Given.refused(error)])
        #expect(diagnosis.outcome("exec.static@direct") == outcome)
        #expect(diagnosis.verdict == (outcome == .fail ? .unfit : .undetermined))
    }

    @Test("the harness's own trouble with execve blames no interpreter", arguments: [ETXTBSY, ENOMEM, EAGAIN])
    func ownTrouble(error: Int32) {
        let diagnosis = Diagnosis(Given.host([Given.handler()]), [Given.refused(error)])
        #expect(diagnosis.findings.isEmpty && diagnosis.verdict == .undetermined)
        #expect(Diagnosis(Given.host([Given.handler()]), [Given.refused(EPERM)]).codes == [.interpreterWrongProgram])
    }

    @Test("a skip says why, and harms nothing") func skip() {
        for result in [ProbeEvidence.Result.skipped(reason: "no sve"), .notApplicable(reason: "no sve")] {
            let diagnosis = Diagnosis(
                Given.host([Given.handler()]), [Given.passed, Given.probe(result, venue: .chroot)])
            #expect(diagnosis.checks.last?.outcome == .skip)
            #expect(diagnosis.checks.last?.detail == "no sve")
            #expect(diagnosis.findings.isEmpty && diagnosis.verdict == .fit)
        }
    }

    @Test(
        "a venue that user namespaces are refused to is broken, and the runner is named",
        arguments: [EPERM, ENOSPC, EUSERS])
    func noNamespaces(error: Int32) {
        for stage in [StartStage.namespaces, .identityMap] {
            let diagnosis = judged(.noVenue(stage: stage, error: error, text: "refused"))
            #expect(diagnosis.codes == [.runnerUsernsForbidden])
            #expect(diagnosis.outcome("exec.static@direct") == .broken)
            #expect(diagnosis.verdict == .undetermined)
        }
    }

    @Test("where the sysctls allow namespaces, somebody else refuses them, and is named") func otherRefusal() {
        func remedy(_ stage: StartStage, root: Bool) -> String? {
            var host = Given.host([Given.handler()])
            host.isRoot = root
            host.runner.namespaceLimits = ["user.max_user_namespaces": "96365"]
            let refused = Given.probe(.noVenue(stage: stage, error: EPERM, text: "refused"), venue: .container)
            return Diagnosis(host, [Given.passed, refused]).findings.first { $0.code == .runnerUsernsForbidden }?.remedy
        }
        #expect(remedy(.identityMap, root: true)?.contains("--cap-add SETFCAP") == true)
        for stage in [StartStage.namespaces, .mount, .pivot] {
            let text = remedy(stage, root: false) ?? ""
            #expect(text.contains("seccomp=unconfined") && !text.contains("sysctl"), "\(text)")
        }
    }

    @Test("a user without a number gets no namespace, and no profile is to blame") func unmapped() throws {
        var host = Given.host([Given.handler()])
        host.runner.isUnmapped = true
        host.runner.namespaceLimits = ["user.max_user_namespaces": "96365"]
        let refused = Given.probe(.noVenue(stage: .namespaces, error: EPERM, text: "refused"), venue: .container)
        let finding = try #require(
            Diagnosis(host, [Given.passed, refused]).findings.first { $0.code == .runnerUsernsForbidden })
        #expect(finding.summary.contains("no number in this user namespace"))
        #expect(!finding.cause.contains("AppArmor"))
        #expect(finding.remedy.contains("unshare -Ur") && !finding.remedy.contains("seccomp"))
    }

    @Test("a program that ends without proof only sometimes is no other program than was meant") func sometimes() {
        let diagnosis = Diagnosis(
            Given.host([Given.handler()]),
            [Given.passed, Given.probe(.unproven(detail: "exit status 1"), "exec.chain")])
        #expect(diagnosis.errors == [.emulationWrongResult])
    }

    @Test("a runner that refuses mounts is named, too", arguments: [EPERM, ENOSYS]) func noMounts(error: Int32) {
        for stage in [StartStage.mount, .pivot] {
            let diagnosis = judged(.noVenue(stage: stage, error: error, text: "refused"))
            #expect(diagnosis.codes == [.runnerUsernsForbidden] && diagnosis.verdict == .undetermined)
            #expect(diagnosis.findings[0].summary.contains("refuses the mounts"))
        }
    }

    @Test("a venue that fails for another reason blames nobody, and is never fit") func otherVenueTrouble() {
        for result in [
            ProbeEvidence.Result.noVenue(stage: .mount, error: EACCES, text: "mount"),
            .noVenue(stage: .namespaces, error: ENOMEM, text: "clone"), .lost(reason: "killed from outside"),
        ] {
            let diagnosis = judged(result)
            #expect(diagnosis.findings.isEmpty)
            #expect(diagnosis.verdict == .undetermined)
        }
    }
}
