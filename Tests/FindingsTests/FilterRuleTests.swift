import Binfmt
import Evidence
import Findings
import Glibc
import TestSupport
import Testing

@Suite("What the caller's own surroundings explain") struct FilterRuleTests {
    private func host(_ calls: [String]) -> HostEvidence {
        var host = Given.host([Given.handler()])
        host.runner.filteredCalls = calls
        return host
    }

    private func failed(_ name: String) -> ProbeEvidence {
        Given.probe(.failed(expected: "success", seen: "EPERM"), name, venue: .container)
    }

    @Test("a filter that refuses calls leaves open what it may explain, and nothing that takes no call") func filter() {
        let filtered = Diagnosis(host(["faccessat2 (EPERM)"]), [Given.passed, failed("file.access")])
        #expect(filtered.checks.last?.outcome == .broken && filtered.verdict == .undetermined)
        #expect(!filtered.codes.contains(.emulationWrongResult))
        #expect(
            filtered.checks.last?.detail.contains("refuses faccessat2 (EPERM) here: expected success; seen EPERM")
                == true)
        for other in [
            Diagnosis(host([]), [Given.passed, failed("file.access")]),
            Diagnosis(host(["statx (ENOSYS)"]), [Given.passed, failed("fp.rounding")]),
        ] {
            #expect(other.codes.contains(.emulationWrongResult) && other.verdict == .unfit)
        }
    }

    @Test("an entry that takes the programs, could start what it names, and is not asked, is another registry's")
    func elsewhere() {
        var interpreter = InterpreterEvidence(path: Given.interpreter, error: 0, executable: true)
        interpreter.target = "x86-64, 64-bit, little-endian"
        let host = Given.host([Given.handler(flags: "PC")], interpreter: interpreter)
        let diagnosis = Diagnosis(host, [Given.refused(ENOEXEC)])
        #expect(diagnosis.codes == [.handlerMissing])
        #expect(diagnosis.findings[0].summary.contains("is not the one that the kernel asks here"))
        #expect(diagnosis.findings[0].remedy.hasPrefix("mount -t binfmt_misc "))
        // With F the kernel holds a file that may be another.
        let held = Diagnosis(Given.host([Given.handler()], interpreter: interpreter), [Given.refused(ENOEXEC)])
        #expect(!held.codes.contains(.handlerMissing))
    }

    @Test("a wrapper that executes a file without a name is not stale") func unpacked() {
        var interpreter = InterpreterEvidence(path: Given.interpreter, error: 0, executable: true)
        interpreter.file = FileIdentity(path: Given.interpreter, device: 1, inode: 7)
        var host = Given.host([Given.handler()], interpreter: interpreter)
        host.executed = FileIdentity(path: "/memfd:q (deleted)", device: 2, inode: 9)
        #expect(!Diagnosis(host, [Given.passed]).codes.contains(.interpreterStale))
        host.executed = FileIdentity(path: "\(Given.interpreter) (deleted)", device: 1, inode: 8)
        #expect(Diagnosis(host, [Given.passed]).codes.contains(.interpreterStale))
    }
}
