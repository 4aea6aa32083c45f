import Binfmt
import Evidence
import Findings
import Glibc
import TestSupport
import Testing

@Suite("A remedy as a command of this program") struct OwnCommandTests {
    private static let best = "/usr/bin/qemu-aarch64-static"

    private func host(
        _ handlers: [Handler], candidates: [String] = [best], install: String? = nil, root: Bool = true,
        persists: Bool = true, program: String? = "/opt/assay"
    ) -> HostEvidence {
        var host = Given.host(handlers, privileged: root, candidates: candidates, install: install)
        host.isRoot = root
        host.program = program
        host.persists = persists
        return host
    }

    private func command(_ host: HostEvidence, _ probes: [ProbeEvidence] = [], of code: FindingCode) throws -> String? {
        try #require(Diagnosis(host, probes).findings.first { $0.code == code }).command
    }

    @Test("registers at boot, too, where the host has a place for that, and asks for root where it must") func missing()
        throws
    {
        #expect(try command(host([]), of: .handlerMissing) == "/opt/assay handler install --persist")
        #expect(try command(host([], persists: false), of: .handlerMissing) == "/opt/assay handler install")
        #expect(try command(host([], root: false), of: .handlerMissing) == "sudo /opt/assay handler install --persist")
        #expect(
            try command(host([], program: "/my opt/assay"), of: .handlerMissing)
                == "'/my opt/assay' handler install --persist")
    }

    @Test("replaces what is in the way", arguments: ["PO", "POF", "", "F"]) func replaces(flags: String) throws {
        let host = host([Given.handler("my-arm64", flags: flags, interpreter: Self.best)], root: false)
        let findings = Diagnosis(host, []).findings.filter { $0.code.rawValue.hasPrefix("handler-") }
        #expect(!findings.isEmpty)
        for finding in findings {
            #expect(finding.command == "sudo /opt/assay handler install --replace --persist", "\(finding)")
            #expect(finding.remedy.contains("printf"), "what does without it stays")
        }
    }

    @Test("leaves an entry for other programs alone, though it has the usual name") func namesake() throws {
        let riscv = Given.handler(interpreter: "/bin/true", magic: "7f454c460201010000000000000000000200f300")
        #expect(
            try command(host([riscv]), of: .handlerMissing)
                == "/opt/assay handler install --name qemu-aarch64-assay --persist")
    }

    @Test("installs the package first where there is no emulator") func package() throws {
        let bare = host([], candidates: [], install: "apt-get install -y qemu-user-static", root: false)
        #expect(
            try command(bare, of: .handlerMissing)
                == "sudo apt-get install -y qemu-user-static && sudo /opt/assay handler install --replace --persist")
        #expect(
            try command(host([], candidates: []), of: .handlerMissing) == nil, "of no package manager it knows nothing")
    }

    @Test("names another emulator than the best one") func another() throws {
        let other = "/usr/local/bin/qemu-aarch64"
        let host = host([Given.handler(interpreter: Self.best)], candidates: [Self.best, other])
        let wrong = Given.probe(.failed(expected: "1", seen: "2"))
        #expect(
            try command(host, [wrong], of: .emulationWrongResult)
                == "/opt/assay handler install --replace --persist --interpreter \(other)")
    }

    @Test("switches on what is switched off, and removes what is never reached") func others() throws {
        #expect(
            try command(host([Given.handler(enabled: false)], root: false), of: .handlerDisabled)
                == "sudo /opt/assay host --fix --yes")
        let two = host([Given.handler("new"), Given.handler("my old")])
        #expect(try command(two, of: .handlerShadowed) == "/opt/assay handler remove 'my old'")
    }

    @Test("is not named where it could not do it") func impossible() throws {
        var trial = host([])
        trial.isWhatIf = true
        #expect(try command(trial, of: .handlerMissing) == nil)
        for access in [
            RegistryAccess.readOnly, .foreign(own: .impossible(reason: "an older kernel")),
        ] {
            var foreign = host([])
            foreign.registryAccess = access
            #expect(try command(foreign, of: .handlerMissing) == nil)
        }
        #expect(try command(host([], program: nil), of: .handlerMissing) == nil)
    }
}
