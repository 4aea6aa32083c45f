public import Binfmt
public import Evidence
import Findings
import Glibc
import Guest

/// Evidence of an imagined host, to be varied by tests.
public enum Given {
    public static let magic = "7f454c460201010000000000000000000200b700"
    public static let mask = "ffffffffffffff00fffffffffffffffffeffffff"
    public static let interpreter = "/usr/libexec/qemu-binfmt/aarch64-binfmt-P"

    public static func handler(
        _ name: String = "qemu-aarch64", flags: String = "POCF", enabled: Bool = true,
        interpreter: String = interpreter,
        magic: String = magic
    ) -> Handler {
        Handler(
            name: name,
            text: "\(enabled ? "enabled" : "disabled")\ninterpreter \(interpreter)\nflags: \(flags)\noffset 0\n"
                + "magic \(magic)\nmask \(mask)\n")
    }

    public static func host(
        _ handlers: [Handler], state: Registry.State = .enabled, interpreter: InterpreterEvidence? = works,
        kernel: String = "Linux 6.1.0", machine: String = "x86_64", privileged: Bool = true,
        candidates: [String] = [interpreter],
        install: String? = nil
    ) -> HostEvidence {
        HostEvidence(
            guest: .arm64, kernel: kernel, machine: machine, privileged: privileged,
            registry: Registry(state: state, handlers: handlers), interpreter: handlers.isEmpty ? nil : interpreter,
            candidates: candidates, installCommand: install)
    }

    public static let works = program(interpreter)
    /// A static program for this host.
    public static func program(
        _ path: String, version: String? = nil, sha256: String? = nil
    ) -> InterpreterEvidence {
        var evidence = InterpreterEvidence(
            path: path, error: 0, executable: true, version: version, sha256: sha256)
        evidence.target = "x86-64, 64-bit, little-endian"
        return evidence
    }
    public static let hidden = Registry.State.unavailable(reason: "not mounted", kernelKnowsIt: true)

    public static func probe(
        _ result: ProbeEvidence.Result, _ name: String = "exec.static", venue: Venue = .direct,
        duration: Duration = .zero, attempts: Int = 1
    ) -> ProbeEvidence {
        ProbeEvidence(
            probe: name, image: "core", venue: venue, result: result, duration: duration, attempts: attempts)
    }

    public static let passed = probe(.passed(note: nil))
    public static func refused(_ error: Int32, venue: Venue = .direct) -> ProbeEvidence {
        probe(.refused(error: error, text: String(cString: strerror(error))), venue: venue)
    }
}
