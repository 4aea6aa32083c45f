import Binfmt
import Evidence
import Findings
import Glibc
import Guest
import TestSupport
import Testing

@Suite("What the registry explains") struct RegistryRuleTests {
    @Test("a handler with every flag, and a probe that passed: nothing to say, and fit") func healthy() {
        let diagnosis = Diagnosis(Given.host([Given.handler()]), [Given.passed])
        #expect(diagnosis.findings.isEmpty)
        #expect(diagnosis.verdict == .fit)
        #expect(diagnosis.checks.map(\.outcome) == [.pass, .pass, .pass, .pass])
    }

    @Test("no entry at all: handler-missing, named as the reason of what was refused") func missing() {
        let diagnosis = Diagnosis(Given.host([]), [Given.refused(ENOEXEC)])
        #expect(diagnosis.codes == [.handlerMissing])
        #expect(diagnosis.findings[0].checks == ["exec.static@direct"])
        #expect(diagnosis.checks.last?.findings == [.handlerMissing])
        #expect(diagnosis.verdict == .unfit)
        #expect(diagnosis.outcome("host.handler") == .fail)
        #expect(diagnosis.outcome("host.interpreter") == .skip)
    }

    @Test("what keeps a handler from being registered at boot is told with a missing one") func boot() {
        var host = Given.host([])
        host.bootObstacles = ["systemd-binfmt.service: masked by /etc/systemd/system/systemd-binfmt.service"]
        let finding = Diagnosis(host, [Given.refused(ENOEXEC)]).findings[0]
        #expect(finding.code == .handlerMissing && finding.cause.contains("masked by /etc/systemd/system"))
        #expect(finding.evidence.contains { $0.hasPrefix("at boot: systemd-binfmt.service: masked") })
    }

    @Test("entries for other machines only: handler-missing, with their names as evidence") func others() {
        let other = Given.handler(
            "qemu-riscv64", interpreter: "/usr/bin/qemu-riscv64-static",
            magic: "7f454c460201010000000000000000000200f300")
        let diagnosis = Diagnosis(Given.host([other], interpreter: nil), [Given.refused(ENOEXEC)])
        #expect(diagnosis.codes == [.handlerMissing])
        #expect(diagnosis.findings[0].evidence.first == "entries: qemu-riscv64")
    }

    @Test("the only entry that matches is disabled: handler-disabled, and not missing") func disabled() {
        let handler = Given.handler("arm64-by-hand", enabled: false)
        let diagnosis = Diagnosis(Given.host([handler], interpreter: nil), [Given.refused(ENOEXEC)])
        #expect(diagnosis.codes == [.handlerDisabled])
        #expect(diagnosis.findings[0].remedy == "printf '%s' 1 > /proc/sys/fs/binfmt_misc/arm64-by-hand")
        #expect(diagnosis.findings[0].checks == ["exec.static@direct"])
    }

    @Test("a disabled entry beside one that works is no finding") func disabledSpare() {
        let handlers = [Given.handler("spare", enabled: false), Given.handler()]
        #expect(Diagnosis(Given.host(handlers), [Given.passed]).findings.isEmpty)
    }

    @Test("binfmt_misc switched off: one finding, whatever the entries say") func switchedOff() {
        let diagnosis = Diagnosis(
            Given.host([Given.handler(flags: "")], state: .disabled), [Given.refused(ENOEXEC)])
        #expect(diagnosis.codes == [.binfmtMiscDisabled])
        #expect(diagnosis.verdict == .unfit)
        #expect(diagnosis.findings[0].checks == ["exec.static@direct"])
    }

    @Test("no registry and no probe that ran: an error") func unavailable() {
        let diagnosis = Diagnosis(Given.host([], state: Given.hidden), [Given.refused(ENOEXEC)])
        #expect(diagnosis.codes == [.binfmtMiscUnavailable])
        #expect(diagnosis.errors == [.binfmtMiscUnavailable])
        #expect(diagnosis.outcome("host.binfmt-misc") == .fail)
        #expect(diagnosis.verdict == .unfit)
    }

    @Test("no registry in sight, though arm64 programs run: worth knowing, and fit") func invisible() {
        let diagnosis = Diagnosis(Given.host([], state: Given.hidden), [Given.passed])
        #expect(diagnosis.codes == [.binfmtMiscUnavailable])
        #expect(diagnosis.findings[0].severity == .info)
        #expect(diagnosis.outcome("host.binfmt-misc") == .skip)
        #expect(diagnosis.verdict == .fit)
    }

    @Test("the remedy loads the module only where the kernel does not list it", arguments: [true, false])
    func mounting(known: Bool) {
        let state = Registry.State.unavailable(reason: "not mounted", kernelKnowsIt: known)
        let remedy = Diagnosis(Given.host([], state: state), []).findings[0].remedy
        #expect(remedy.contains("mount -t binfmt_misc"))
        #expect(remedy.contains("modprobe") == !known)
    }

    @Test(
        "no F: handler-not-fixed alone, explaining what a venue with a root refused", arguments: ["POC", "", "C", "P"])
    func notFixed(flags: String) {
        let diagnosis = Diagnosis(
            Given.host([Given.handler(flags: flags)]),
            [Given.passed, Given.refused(ENOENT, venue: .chroot), Given.refused(ENOENT, venue: .container)])
        #expect(diagnosis.errors == [.handlerNotFixed])
        #expect(diagnosis.findings[0].checks == ["exec.static@chroot", "exec.static@container"])
        #expect(diagnosis.codes.contains(.handlerDropsCredentials) == !flags.contains("C"))
        #expect(diagnosis.verdict == .unfit)
    }

    @Test("an interpreter that runs nothing on the host either is named, not the lack of F", arguments: ["", "POC"])
    func runsNothing(flags: String) {
        let diagnosis = Diagnosis(
            Given.host([Given.handler(flags: flags)]),
            [Given.probe(.unproven(detail: "exit status 0")), Given.refused(ENOENT, venue: .chroot)])
        #expect(diagnosis.errors.first == .interpreterWrongProgram && !diagnosis.codes.contains(.handlerNotFixed))
        #expect(diagnosis.verdict == .unfit)
    }

    @Test("no C: a warning, and the verdict stays fit") func credentials() {
        let diagnosis = Diagnosis(Given.host([Given.handler(flags: "POF")]), [Given.passed])
        #expect(diagnosis.codes == [.handlerDropsCredentials])
        #expect(diagnosis.findings[0].severity == .warning)
        #expect(diagnosis.verdict == .fit)
    }

    @Test("the interpreter is gone and nothing holds it open: interpreter-missing, not handler-not-fixed")
    func interpreterGone() {
        let gone = InterpreterEvidence(path: Given.interpreter, error: ENOENT, executable: false)
        let diagnosis = Diagnosis(
            Given.host([Given.handler(flags: "POC")], interpreter: gone), [Given.refused(ENOENT)])
        #expect(diagnosis.codes == [.interpreterMissing])
        #expect(diagnosis.findings[0].checks == ["exec.static@direct"])
        #expect(diagnosis.outcome("host.interpreter") == .fail)
    }

    @Test("with F a path that leads nowhere does not matter") func heldOpen() {
        let gone = InterpreterEvidence(path: Given.interpreter, error: ENOENT, executable: false)
        let diagnosis = Diagnosis(Given.host([Given.handler()], interpreter: gone), [Given.passed])
        #expect(diagnosis.findings.isEmpty)
        #expect(diagnosis.verdict == .fit)
    }

    @Test("an interpreter without an x bit: interpreter-not-executable") func notExecutable() {
        var plain = InterpreterEvidence(path: "/opt/qemu", error: 0, executable: false)
        plain.hasExecuteBit = false
        let handler = Given.handler(flags: "POC", interpreter: "/opt/qemu")
        let diagnosis = Diagnosis(Given.host([handler], interpreter: plain), [Given.refused(EACCES)])
        #expect(diagnosis.codes == [.interpreterNotExecutable])
        #expect(diagnosis.findings[0].remedy == "chmod 755 /opt/qemu")
    }

    @Test("an interpreter on a mount without exec: another one, or the mount, and never a mode that is right already")
    func noexec() {
        var interpreter = InterpreterEvidence(path: "/my mnt/qemu", error: 0, executable: false)
        interpreter.noexecMount = "/my mnt"
        func remedy(_ candidates: [String]) -> String {
            let handler = Given.handler(flags: "POC", interpreter: interpreter.path)
            let host = Given.host([handler], interpreter: interpreter, candidates: candidates)
            return Diagnosis(host, [Given.refused(EACCES)]).findings[0].remedy
        }
        #expect(remedy([]) == "mount -o remount,exec '/my mnt'")
        #expect(remedy([Given.interpreter]).contains(":\(Given.interpreter):POCF"))
        interpreter.hasExecuteBit = false
        #expect(remedy([]) == "chmod 755 '/my mnt/qemu' && mount -o remount,exec '/my mnt'")
    }

    @Test("an interpreter that may be executed and not read is not missing", arguments: [EACCES, EMFILE])
    func unreadable(error: Int32) {
        let interpreter = InterpreterEvidence(path: Given.interpreter, error: error, executable: true)
        for flags in ["POC", "POCF"] {
            let host = Given.host([Given.handler(flags: flags)], interpreter: interpreter)
            #expect(!Diagnosis(host, [Given.passed]).codes.contains(.interpreterMissing))
            let refused = Diagnosis(host, [Given.refused(ENOENT, venue: .chroot)])
            #expect(refused.errors == [flags == "POC" ? .handlerNotFixed : .interpreterWrongProgram])
        }
    }

    @Test("what a probe ran through is not missing, whatever the path says here") func ranAllTheSame() {
        let gone = InterpreterEvidence(path: Given.interpreter, error: ENOENT, executable: false)
        let diagnosis = Diagnosis(Given.host([Given.handler(flags: "POC")], interpreter: gone), [Given.passed])
        #expect(diagnosis.errors == [.handlerNotFixed])
    }

    @Test(
        "the pattern to look for by hand occurs in a magic as it is registered",
        arguments: [
            FindingCode.handlerMissing, .handlerShadowed,
        ])
    func byHand(code: FindingCode) throws {
        let words = code.entry.byHand.split(separator: " ")
        let pattern = try #require(words.firstIndex { $0.hasPrefix("-l") }.map { words[$0 + 1] })
        #expect(Given.magic.contains(pattern))
    }

    private static let exact = "ffffffffffffff00fffffffffffffffffeffffff".replacing("fffeffff", with: "ffffffff")

    /// An entry that compares e_type in full: it takes programs with fixed addresses only.
    private func fixedOnly(_ name: String, flags: String = "POCF", type: String = "02") -> Handler {
        Handler(
            name: name,
            text: "enabled\ninterpreter \(Given.interpreter)\nflags: \(flags)\noffset 0\n"
                + "magic \(Given.magic.replacing("0200b700", with: "\(type)00b700"))\nmask \(Self.exact)\n")
    }

    @Test("an entry that wins for no kind of program is never reached, and no other is") func shadowed() {
        // What the first takes is not all: the second is used for the rest.
        let both = Diagnosis(Given.host([fixedOnly("fixed"), Given.handler("all")]), [Given.passed])
        #expect(!both.codes.contains(.handlerShadowed), "\(both.codes)")
        let never = Diagnosis(Given.host([Given.handler("all"), fixedOnly("fixed")]), [Given.passed])
        #expect(
            never.findings.first { $0.code == .handlerShadowed }?.summary.hasPrefix("all is used; fixed also") == true)
    }

    @Test("of two remedies neither undoes the other: what replaces entries removes a shadowed one, too") func together()
        throws
    {
        let host = Given.host([Given.handler("new", flags: "F"), Given.handler()])
        let found = Diagnosis(host, [Given.passed]).findings
        let shadowed = try #require(found.first { $0.code == .handlerShadowed })
        let flags = try #require(found.first { $0.code == .handlerDropsCredentials })
        #expect(shadowed.remedy == flags.remedy)
    }

    @Test("the flags of each entry that is used are judged") func otherFlags() {
        let host = Given.host([fixedOnly("pie", flags: "POC", type: "03"), Given.handler()])
        let found = Diagnosis(host, [Given.passed]).findings
        #expect(found.map(\.code) == [.handlerNotFixed] && found[0].summary.hasPrefix("pie has no F"), "\(found)")
    }

    @Test("an entry that takes one kind of programs for itself is judged by such a program") func otherShape() {
        func judged(_ result: ProbeEvidence.Result) -> Diagnosis {
            var host = Given.host([Given.handler("gnu", interpreter: "/bin/true"), Given.handler()])
            host.otherShapes = [ShapeEvidence(shape: "ET_EXEC, GNU", handler: "gnu", result: result)]
            return Diagnosis(host, [Given.passed])
        }
        let found = judged(.unproven(detail: "exit status 0"))
        #expect(found.errors == [.interpreterWrongProgram] && found.verdict == .unfit)
        #expect(
            found.findings[0].summary.hasPrefix("/bin/true does not run ET_EXEC, GNU programs"), "\(found.findings)")
        #expect(judged(.passed(note: nil)).errors.isEmpty)
    }

    @Test(
        "only arguments that are moved by one are a matter of P",
        arguments: [
            ("one|two words||--last|", true), ("/bin/assay-probe|assay-name|one|two words||--l", true),
            ("exit status 64", false), ("wrapper: starting|/bin/assay-probe|one|two words||--last|", false),
            ("assay-name|one|two words|--last|", false), ("", false),
        ])
    func moved(seen: String, isShift: Bool) {
        let failed = ProbeEvidence.Result.failed(expected: "assay-name|one|two words||--last|", seen: seen)
        let judged = Diagnosis(Given.host([Given.handler()]), [Given.passed, Given.probe(failed, "exec.argv0")])
        #expect(judged.errors == [isShift ? .handlerRewritesArgv0 : .emulationWrongResult])
        #expect(judged.verdict == .unfit)
    }

    @Test("argv[0] is judged by what a probe saw, never by the flag") func argv0() {
        let rewritten = Given.probe(.passed(note: ProbeNote("argv0-rewritten: /bin/assay-probe")), "exec.argv0")
        let diagnosis = Diagnosis(Given.host([Given.handler()]), [Given.passed, rewritten])
        #expect(diagnosis.codes == [.handlerRewritesArgv0])
        #expect(diagnosis.findings[0].checks == ["exec.argv0@direct"])
        #expect(diagnosis.verdict == .fit)
        #expect(Diagnosis(Given.host([Given.handler(flags: "OCF")]), [Given.passed]).findings.isEmpty)
        // Before Linux 5.12 registering it again would change nothing.
        func remedy(_ path: String) -> String {
            let host = Given.host([Given.handler(flags: "OCF")], kernel: "Linux 5.10.0-32-amd64", candidates: [path])
            return Diagnosis(host, [Given.passed, rewritten]).findings[0].remedy
        }
        #expect(!remedy("/usr/bin/qemu-aarch64-static").contains("register"))
        #expect(remedy("/usr/libexec/qemu-binfmt/aarch64-binfmt-P").contains(":POCF' > "))
    }

    @Test("a host that is arm64 itself needs no registry", arguments: ["aarch64", "arm64"])
    func native(machine: String) {
        let diagnosis = Diagnosis(Given.host([], state: Given.hidden, machine: machine), [Given.passed])
        #expect(diagnosis.codes == [.hostNative])
        #expect(diagnosis.findings[0].severity == .info)
        #expect(diagnosis.checks.filter { $0.kind == .host }.allSatisfy { $0.outcome == .skip })
        #expect(diagnosis.verdict == .fit)
    }

    @Test("a kernel that runs 386 itself needs no entry: what ran shows it, not the machine")
    func byItself() {
        func diagnosis(_ guest: Guest, _ machine: String, _ handlers: [Handler], _ probe: ProbeEvidence) -> Diagnosis {
            var host = Given.host(handlers, machine: machine)
            host.guest = guest
            return Diagnosis(host, [probe])
        }
        let own = diagnosis(.i386, "x86_64", [], Given.passed)
        #expect(own.codes == [.hostNative] && own.verdict == .fit)
        #expect(own.findings[0].summary == "this host's kernel runs 386 programs itself, without an emulator")
        #expect(own.checks.filter { $0.kind == .host }.allSatisfy { $0.outcome == .skip })
        #expect(diagnosis(.armV7, "aarch64", [], Given.passed).codes == [.hostNative])
        #expect(diagnosis(.i386, "x86_64", [], Given.refused(ENOEXEC)).codes == [.handlerMissing])
        #expect(diagnosis(.armV7, "x86_64", [], Given.passed).codes == [.handlerMissing])
        let entry = Handler(for: .i386, interpreter: "/usr/bin/qemu-i386-static", flags: "POCF")
        #expect(!diagnosis(.i386, "x86_64", [entry], Given.passed).codes.contains(.hostNative))
    }
}
