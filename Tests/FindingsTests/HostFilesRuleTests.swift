import Binfmt
import Evidence
import Findings
import Glibc
import TestSupport
import Testing

@Suite("Interpreters that need the host's files") struct HostFilesRuleTests {
    private static let failed = ProbeEvidence.Result.unproven(detail: "exit status 127, and printed nothing")

    private func judge(
        _ trial: EmptyRootTrial?, _ probes: [ProbeEvidence], handler: Handler = Given.handler(), script: String? = nil
    ) -> Diagnosis {
        var host = Given.host([handler])
        host.emptyRoot = trial
        host.interpreter?.script = script
        if script != nil { host.interpreter?.target = nil }
        return Diagnosis(CommandEvidence(host: host, probes: probes))
    }

    private static let both = [Given.passed, Given.probe(failed, venue: .chroot)]

    @Test("what the start tried to execute in an empty root is named, and no other cause is") func executed() {
        let missing = [
            EmptyRootTrial.Missing(path: "/etc/ld.so.cache", wasExecuted: false, isOnHost: true),
            EmptyRootTrial.Missing(path: "/nix/store/x/bin/qemu-aarch64", wasExecuted: true, isOnHost: true),
        ]
        let judged = judge(EmptyRootTrial(missing: missing), Self.both)
        #expect(judged.errors == [.interpreterNeedsHostFiles])
        #expect(judged.findings[0].summary.contains("needs /nix/store/x/bin/qemu-aarch64"))
        #expect(judged.findings[0].checks == ["exec.static@chroot"])
        #expect(judged.outcome("host.interpreter") == .fail && judged.outcome("exec.static@chroot") == .fail)
    }

    @Test("a file that was only opened counts where the host has it, and the program runs there") func opened() {
        func missing(_ isOnHost: Bool) -> EmptyRootTrial {
            EmptyRootTrial(missing: [.init(path: "/opt/real", wasExecuted: false, isOnHost: isOnHost)])
        }
        #expect(judge(missing(true), Self.both).errors == [.interpreterNeedsHostFiles])
        #expect(judge(missing(false), Self.both).errors == [.interpreterWrongProgram])
        #expect(judge(missing(true), [Self.both[1]]).errors == [.interpreterWrongProgram])
    }

    @Test("where it could not be watched, that it runs on the host and in no root is told without the file")
    func unseen() {
        let judged = judge(EmptyRootTrial(failure: "ptrace: EPERM"), Self.both)
        #expect(judged.errors == [.interpreterNeedsHostFiles])
        #expect(judged.findings[0].evidence.contains { $0.contains("ptrace: EPERM") })
        // Seen to look for nothing, it is another program.
        #expect(judge(EmptyRootTrial(), Self.both).errors == [.interpreterWrongProgram])
    }

    @Test("a script needs its shell, with F and without, and no flag mends that", arguments: ["PF", "P", "POC"])
    func script(flags: String) {
        let refused = Given.refused(flags.contains("C") ? ENOEXEC : ENOENT, venue: .chroot)
        let judged = judge(nil, [refused], handler: Given.handler(flags: flags), script: "/bin/sh")
        #expect(judged.errors == [.interpreterNeedsHostFiles])
        #expect(judged.findings[0].evidence.contains { $0.contains("a script of /bin/sh") })
    }

    @Test("what runs in a root needs nothing of the host") func runs() {
        let probes = [
            Given.passed, Given.probe(.passed(note: nil), venue: .chroot), Given.probe(Self.failed, "cpu.bits"),
        ]
        #expect(!judge(EmptyRootTrial(failure: "no"), probes).codes.contains(.interpreterNeedsHostFiles))
    }
}
