import Evidence
import Findings
import Glibc
import TestSupport
import Testing

@Suite("A user's own program") struct UserProgramTests {
    @Test(
        "that does not do what was expected fails with its own reason, and says nothing of the emulator",
        arguments: [
            .failed(expected: "exit status 0", seen: "exit status 5"),
            .failed(expected: "the output \"a\"", seen: "\"b\""), .silent(status: 1), .crashed(signal: 11, message: ""),
            .unproven(detail: "printed something"), .refused(error: ENOENT, text: "ENOENT"),
        ] as [ProbeEvidence.Result])
    func mistakes(result: ProbeEvidence.Result) {
        for venue in [Venue.direct, .container] {
            var run = Given.probe(result, "run", venue: venue)
            run.speaksOfEmulator = false
            let diagnosis = Diagnosis(Given.host([Given.handler()]), [run])
            #expect(diagnosis.verdict == .unfit)
            #expect(diagnosis.findings.filter { $0.severity == .error }.isEmpty, "\(diagnosis.findings)")
        }
    }

    @Test("that the kernel refuses for want of a handler has that for its reason") func host() {
        var run = Given.probe(.refused(error: ENOEXEC, text: "ENOEXEC"), "run")
        run.speaksOfEmulator = false
        let diagnosis = Diagnosis(Given.host([]), [run])
        #expect(diagnosis.findings.map(\.code) == [.handlerMissing])
        #expect(diagnosis.findings[0].checks == ["run@direct"])
    }
}
