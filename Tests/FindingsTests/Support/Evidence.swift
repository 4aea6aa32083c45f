import Binfmt
import Findings
import Glibc

/// Evidence of an imagined host, to be varied by tests.
enum Given {
    static let magic = "7f454c460201010000000000000000000200b700"
    static let mask = "ffffffffffffff00fffffffffffffffffeffffff"
    static let interpreter = "/usr/libexec/qemu-binfmt/aarch64-binfmt-P"

    static func handler(
        _ name: String = "qemu-aarch64", flags: String = "POCF", enabled: Bool = true,
        interpreter: String = interpreter,
        magic: String = magic
    ) -> Handler {
        Handler(
            name: name,
            text: "\(enabled ? "enabled" : "disabled")\ninterpreter \(interpreter)\nflags: \(flags)\noffset 0\n"
                + "magic \(magic)\nmask \(mask)\n")
    }

    static func host(
        _ handlers: [Handler], state: Registry.State = .enabled, interpreter: InterpreterEvidence? = works,
        machine: String = "x86_64", privileged: Bool = true, candidates: [String] = [interpreter],
        install: String? = nil
    ) -> HostEvidence {
        HostEvidence(
            kernel: "Linux 6.1.0", machine: machine, privileged: privileged,
            registry: Registry(state: state, handlers: handlers), interpreter: handlers.isEmpty ? nil : interpreter,
            candidates: candidates, installCommand: install)
    }

    static let works = program(interpreter)
    /// A static program for this host.
    static func program(_ path: String) -> InterpreterEvidence {
        var evidence = InterpreterEvidence(path: path, error: 0, executable: true)
        evidence.target = "x86-64, 64-bit, little-endian"
        return evidence
    }
    static let hidden = Registry.State.unavailable(reason: "not mounted", kernelKnowsIt: true)

    static func probe(
        _ result: ProbeEvidence.Result, _ name: String = "exec.static", venue: String = "direct"
    ) -> ProbeEvidence {
        ProbeEvidence(probe: name, image: "core", venue: venue, result: result)
    }

    static let passed = probe(.passed(note: nil))
    static func refused(_ error: Int32, venue: String = "direct") -> ProbeEvidence {
        probe(.refused(error: error, text: String(cString: strerror(error))), venue: venue)
    }
}

extension Diagnosis {
    init(_ host: HostEvidence?, _ probes: [ProbeEvidence]) { self.init(Evidence(host: host, probes: probes)) }

    init(builder: BuilderEvidence) {
        var evidence = Evidence()
        evidence.builders = [builder]
        self.init(evidence)
    }

    init(artifact: ArtifactEvidenceSummary) {
        var evidence = Evidence()
        evidence.artifacts = [artifact]
        self.init(evidence)
    }

    var codes: [FindingCode] { findings.map(\.code) }
    var errors: [FindingCode] { findings.filter { $0.severity == .error }.map(\.code) }

    func outcome(_ reference: String) -> Outcome? { checks.first { $0.reference == reference }?.outcome }
}
