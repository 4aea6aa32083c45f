import Binfmt
import ELF
import Evidence
import Findings
import Glibc
import TestSupport
import Testing

@Suite("An entrypoint that was run") struct EntrypointRuleTests {
    private static let amd64 = ELFTarget(machine: .amd64, elfClass: .bits64, byteOrder: .little)
    private static let interpreter = FileIdentity(path: Given.interpreter, device: 1, inode: 100)
    private static let file = FileIdentity(path: "/image/bin/tool", device: 1, inode: 200)

    private static func evidence(
        _ result: EntrypointEvidence.Result, target: ELFTarget? = .arm64, handler: Handler? = Given.handler(),
        executed: FileIdentity? = interpreter, _ change: (inout EntrypointEvidence) -> Void = { _ in }
    ) -> EntrypointEvidence {
        var evidence = EntrypointEvidence(
            name: "a.tar", platform: "linux/arm64", wanted: .arm64, venue: .container, command: ["/bin/tool", "-x"],
            result: result)
        evidence.program = .init(
            target: target, isNative: target == amd64, handler: target == .arm64 ? handler : nil,
            interpreter: target == .arm64 && handler != nil ? interpreter : nil, files: [file])
        evidence.executed = executed
        evidence.proof = Given.probe(.passed(note: nil), venue: .container)
        change(&evidence)
        return evidence
    }

    private static func diagnosis(_ entrypoint: EntrypointEvidence, host: HostEvidence? = nil) -> Diagnosis {
        var evidence = CommandEvidence(host: host)
        evidence.entrypoints = [entrypoint]
        return Diagnosis(evidence)
    }

    private static let reference = "artifact.entrypoint@a.tar"

    @Test("that ends as expected passes, and says what ran it") func passes() throws {
        let emulated = Self.diagnosis(Self.evidence(.ended(.exited(0))))
        #expect(emulated.verdict == .fit && emulated.findings.isEmpty)
        #expect(emulated.checks[0].detail.contains("through qemu-aarch64: \(Given.interpreter)"))
        let unseen = Self.diagnosis(Self.evidence(.ended(.exited(0)), executed: nil))
        #expect(unseen.verdict == .fit && unseen.checks[0].detail.contains("the handler qemu-aarch64"))
        let native = Self.diagnosis(
            Self.evidence(.ended(.exited(3)), target: Self.amd64, executed: Self.file) {
                $0.wanted = Self.amd64
                $0.expectedStatus = 3
            })
        #expect(native.verdict == .fit && native.checks[0].detail.contains("native"))
    }

    @Test(
        "and ends otherwise is the artifact's fault, with its last words",
        arguments: [
            .ended(.exited(7)), .ended(.signalled(SIGSEGV)), .ended(.hung(limit: .seconds(9))), .notFound,
            .unknownUser("app"),
        ]
            as [EntrypointEvidence.Result])
    func fails(result: EntrypointEvidence.Result) throws {
        let diagnosis = Self.diagnosis(
            Self.evidence(result) { $0.errors = (1...30).map { "line \($0)\n" }.joined() })
        #expect(diagnosis.outcome(Self.reference) == .fail)
        #expect(diagnosis.errors == [.artifactEntrypointFails])
        let finding = try #require(diagnosis.findings.first)
        #expect(finding.checks == [Self.reference] && finding.summary.contains("/bin/tool -x"))
        #expect(finding.evidence.contains("  line 30") && finding.evidence.contains("  line 21"))
        #expect(!finding.evidence.contains("  line 20"))
    }

    @Test("prints what is expected, but for newlines at the end", arguments: [("hello", true), ("hell", false)])
    func output(expected: String, passes: Bool) {
        let diagnosis = Self.diagnosis(
            Self.evidence(.ended(.exited(0))) {
                $0.output = "hello\n"
                $0.expectedOutput = expected
            })
        #expect(diagnosis.outcome(Self.reference) == (passes ? .pass : .fail))
    }

    @Test("natively, though it should be arm64, does not pass") func foreign() {
        let diagnosis = Self.diagnosis(Self.evidence(.ended(.exited(0)), target: Self.amd64, executed: Self.file))
        #expect(diagnosis.errors == [.artifactEntrypointFails])
    }

    @Test("and was something else than the program or its interpreter proves nothing") func other() {
        let diagnosis = Self.diagnosis(
            Self.evidence(.ended(.exited(0)), executed: FileIdentity(path: "/bin/true", device: 1, inode: 300)))
        #expect(diagnosis.outcome(Self.reference) == .broken && diagnosis.verdict == .undetermined)
    }

    @Test("and that no handler takes is the host's fault, never the artifact's") func noHandler() throws {
        let diagnosis = Self.diagnosis(
            Self.evidence(.ended(.refused(error: ENOEXEC, text: "ENOEXEC")), handler: nil, executed: nil),
            host: Given.host([]))
        #expect(diagnosis.outcome(Self.reference) == .broken)
        #expect(diagnosis.errors == [.handlerMissing])
        #expect(diagnosis.checks.last?.findings == [.handlerMissing])
        #expect(diagnosis.findings.first { $0.code == .handlerMissing }?.checks == [Self.reference])
    }

    @Test("and whose interpreter is out of reach, for want of F, likewise") func notFixed() {
        let handler = Given.handler(flags: "POC")
        let diagnosis = Self.diagnosis(
            Self.evidence(.ended(.refused(error: ENOENT, text: "ENOENT")), handler: handler, executed: nil),
            host: Given.host([handler]))
        #expect(diagnosis.outcome(Self.reference) == .broken)
        #expect(diagnosis.errors == [.handlerNotFixed])
    }

    @Test(
        "and is refused though the host would run such programs is the artifact's fault", arguments: [ENOEXEC, ENOENT])
    func refused(error: Int32) {
        for target in [Self.amd64, nil] {
            let diagnosis = Self.diagnosis(
                Self.evidence(.ended(.refused(error: error, text: "refused")), target: target, executed: nil),
                host: Given.host([]))
            #expect(diagnosis.outcome(Self.reference) == .fail, "\(error)")
            #expect(diagnosis.errors.contains(.artifactEntrypointFails))
        }
        let fixed = Self.diagnosis(Self.evidence(.ended(.refused(error: ENOENT, text: "ENOENT")), executed: nil))
        #expect(fixed.errors == [.artifactEntrypointFails])
    }

    @Test(
        "and is refused while the host's interpreter or handler is at fault is the host's",
        arguments: [ENOENT, EACCES, ENOTDIR, ELIBBAD])
    func refusedByInterpreter(error: Int32) {
        var interpreter = Given.works
        interpreter.loader = "/lib64/ld-linux-x86-64.so.2"
        let evidence = Self.evidence(.ended(.refused(error: error, text: "refused")), executed: nil)
        let diagnosis = Self.diagnosis(evidence, host: Given.host([Given.handler()], interpreter: interpreter))
        #expect(diagnosis.outcome(Self.reference) == .broken)
        #expect(diagnosis.errors == [.interpreterDynamic])
        #expect(diagnosis.checks.last?.findings == [.interpreterDynamic])
        let healthy = Self.diagnosis(evidence, host: Given.host([Given.handler()]))
        #expect(healthy.errors == [.artifactEntrypointFails])
    }

    @Test(
        "and of which nothing is known but how it ended proves nothing where no probe proves itself either",
        arguments: [
            .ended(.exited(0)), .ended(.exited(7)), .ended(.signalled(SIGSEGV)), .ended(.hung(limit: .seconds(9))),
        ]
            as [EntrypointEvidence.Result])
    func unproven(result: EntrypointEvidence.Result) throws {
        let probe = Given.probe(.unproven(detail: "printed nothing"), venue: .container)
        var evidence = CommandEvidence(host: Given.host([Given.handler()]), probes: [probe])
        evidence.entrypoints = [Self.evidence(result) { $0.proof = probe }]
        let diagnosis = Diagnosis(evidence)
        #expect(diagnosis.outcome(Self.reference) == .broken)
        #expect(diagnosis.errors == [.interpreterWrongProgram])
        #expect(diagnosis.findings.first?.checks.contains(Self.reference) == true)
        #expect(diagnosis.checks.last?.findings == [.interpreterWrongProgram])
    }

    @Test(
        "needs no probe where it printed what was expected, and that is something",
        arguments: [("hello", .pass), ("", .broken), (nil, .broken)] as [(String?, Outcome)])
    func output(expected: String?, outcome: Outcome) {
        let diagnosis = Self.diagnosis(
            Self.evidence(.ended(.exited(0))) {
                $0.proof = nil
                $0.output = expected.map { "\($0)\n" } ?? "hello"
                $0.expectedOutput = expected
            })
        #expect(diagnosis.outcome(Self.reference) == outcome && diagnosis.findings.isEmpty)
    }

    @Test("and never started is neither a pass nor a failure") func neverStarted() {
        let results: [EntrypointEvidence.Result] = [
            .notRun(reason: "why"), .ended(.lost(reason: "why")), .ended(.refused(error: ENOMEM, text: "why")),
            .ended(.noVenue(stage: .mount, error: EACCES, text: "why")),
        ]
        for result in results {
            let diagnosis = Self.diagnosis(Self.evidence(result))
            #expect(diagnosis.outcome(Self.reference) == .broken && diagnosis.findings.isEmpty, "\(result)")
        }
        let forbidden = Self.diagnosis(
            Self.evidence(.ended(.noVenue(stage: .namespaces, error: EPERM, text: "clone"))))
        #expect(forbidden.errors == [.runnerUsernsForbidden] && forbidden.verdict == .undetermined)
    }

    @Test("and fails where its user could not be had leaves the question open") func user() {
        let diagnosis = Self.diagnosis(Self.evidence(.ended(.exited(1))) { $0.missingUser = "postgres" })
        #expect(diagnosis.outcome(Self.reference) == .broken && diagnosis.findings.isEmpty)
        #expect(
            diagnosis.checks[0].detail.contains("postgres") && diagnosis.checks[0].detail.contains("takes root"))
        let passes = Self.diagnosis(Self.evidence(.ended(.exited(0))) { $0.missingUser = "postgres" })
        #expect(passes.outcome(Self.reference) == .pass && passes.checks[0].detail.contains("postgres"))
    }
}
