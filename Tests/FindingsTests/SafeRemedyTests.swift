import Binfmt
import Evidence
import Findings
import Glibc
import TestSupport
import Testing

@Suite("Remedies that a machine may apply") struct SafeRemedyTests {
    private func safe(_ host: HostEvidence, _ probes: [ProbeEvidence]) -> [SafeRemedy] {
        SafeRemedy.among(Diagnosis(host, probes).findings, host: host)
    }

    private static let present = {
        var interpreter = Given.works
        interpreter.file = FileIdentity(path: Given.interpreter, device: 1, inode: 7)
        return interpreter
    }()

    @Test("what only adds needs no trial") func additions() {
        #expect(safe(Given.host([]), [Given.refused(ENOEXEC)]).map(\.trial) == [nil])
        let disabled = safe(Given.host([Given.handler(enabled: false)]), [Given.refused(ENOEXEC)])
        #expect(disabled.map(\.codes) == [[.handlerDisabled]] && disabled[0].trial == nil)
    }

    @Test("an entry is replaced only after its replacement was tried") func replacements() {
        let host = Given.host([Given.handler(flags: "PC")], interpreter: Self.present)
        let remedies = safe(host, [Given.refused(ENOENT, venue: .chroot)])
        #expect(remedies.map(\.codes) == [[.handlerNotFixed]])
        #expect(remedies[0].trial?.interpreter == Given.interpreter && remedies[0].trial?.flags == "POCF")
    }

    @Test("an entry with F whose file is gone, or is another by now, could not be brought back: it stays") func gone() {
        let unproven = Given.probe(.unproven(detail: "exit status 1"))
        var host = Given.host([Given.handler()], interpreter: Self.present, candidates: ["/usr/bin/other"])
        #expect(safe(host, [unproven]).map(\.codes) == [[.interpreterWrongProgram]])
        host.executed = FileIdentity(path: Given.interpreter, device: 1, inode: 8)
        #expect(safe(host, [unproven]).isEmpty)
        host.executed = nil
        host.interpreter = InterpreterEvidence(path: Given.interpreter, error: ENOENT, executable: false)
        #expect(safe(host, [unproven]).isEmpty)
    }

    @Test("a limit of the caller's is nobody else's fault: no entry is touched for it") func limits() {
        var probe = Given.probe(.unproven(detail: "exit status 1"))
        probe.words = "qemu-aarch64: mprotect of jit buffer: Permission denied"
        #expect(safe(Given.host([Given.handler()], interpreter: Self.present), [probe]).isEmpty)
    }

    @Test("in a system container a registry of its own is mounted where that was tried and hides nothing")
    func foreign() {
        var host = Given.host([])
        host.registryAccess = .foreign(own: .possible)
        let remedies = safe(host, [Given.refused(ENOEXEC)])
        #expect(remedies.count == 1 && remedies[0].command.hasPrefix("mount -t binfmt_misc binfmt_misc "))
        host.registry.handlers = [Given.handler("riscv", interpreter: "/q", magic: String(repeating: "00", count: 20))]
        #expect(safe(host, [Given.refused(ENOEXEC)]).isEmpty)
        host = Given.host([])
        host.registryAccess = .foreign(own: .impossible(reason: "mount: EACCES"))
        host.securityLabel = "lxc-container-default-cgns (enforce)"
        #expect(safe(host, [Given.refused(ENOEXEC)]).isEmpty)
        let remedy = Diagnosis(host, [Given.refused(ENOEXEC)]).findings[0].remedy
        #expect(remedy.hasPrefix("on the host of this container") && remedy.contains("lxc-container-default-cgns"))
    }

    @Test("root without CAP_SYS_ADMIN is not told sudo, and a read-only registry is remounted") func access() {
        var host = Given.host([], privileged: false)
        host.isRoot = true
        #expect(Diagnosis(host, [Given.refused(ENOEXEC)]).findings[0].remedy.hasPrefix("printf '%s' ':qemu"))
        host.registry.state = Given.hidden
        let mount = Diagnosis(host, [Given.refused(ENOEXEC)]).findings[0].remedy
        #expect(!mount.contains("sudo") && mount.contains("root here lacks CAP_SYS_ADMIN"))
        host = Given.host([])
        host.registryAccess = .readOnly
        let remount = Diagnosis(host, [Given.refused(ENOEXEC)]).findings[0].remedy
        #expect(remount.hasPrefix("mount -o remount,rw /proc/sys/fs/binfmt_misc && { printf "))
    }
}
