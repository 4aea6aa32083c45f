public import Binfmt
public import Evidence
import Findings
import Guest
import Processes
public import Reports

/// Reports whose every part is fixed.
extension Given {
    /// A host with QEMU's static program installed under its own name, and registered with every flag.
    public static func emulated(
        kernel: String = "Linux 6.1.0", qemu: String = "7.2.22",
        handlers: [Handler] = [handler(interpreter: "/usr/bin/qemu-aarch64-static")]
    ) -> HostEvidence {
        let path = "/usr/bin/qemu-aarch64-static"
        let digest = String(repeating: "0123456789abcdef", count: 4)
        return host(
            handlers, interpreter: program(path, version: qemu, sha256: digest), kernel: kernel, candidates: [path])
    }

    private static func timed(
        _ name: String, _ venue: Venue, _ result: ProbeEvidence.Result = .passed(note: nil), attempts: Int = 1
    ) -> ProbeEvidence {
        probe(result, name, venue: venue, duration: .microseconds(1250), attempts: attempts)
    }

    public static func report(_ evidence: CommandEvidence) -> Report {
        Report(
            version: "0.1.0", command: "accept", started: Timestamp(seconds: 1_769_846_400),
            duration: .microseconds(214_720), evidence: evidence)
    }

    /// Everything works.
    public static let fit = report(
        CommandEvidence(
            host: emulated(),
            probes: [
                timed("exec.static", .direct), timed("exec.argv0", .direct),
                timed("exec.static", .chroot, .notApplicable(reason: "needs root")),
                timed("exec.argv0", .chroot, .notApplicable(reason: "needs root")),
            ]))

    /// A failure, a broken check, a flaky one, a builder and an artifact.
    public static let unfit: Report = {
        var evidence = CommandEvidence(
            host: emulated(handlers: []),
            probes: [
                timed("exec.static", .direct, .refused(error: 8, text: "ENOEXEC (Exec format error)")),
                timed("fp.rounding", .direct, .failed(expected: "1", seen: "2")),
                timed("exec.chain", .direct, attempts: 2), timed("cpu.sve", .direct, .lost(reason: "out of memory")),
            ])
        evidence.builders = [
            BuilderEvidence(
                builder: "buildah", guest: .arm64, version: "1.28.2",
                result: .failed(
                    command: "buildah build", status: "exit status 1", message: ["exec: Exec format error"]),
                duration: .milliseconds(480))
        ]
        evidence.artifacts = [
            ArtifactEvidenceSummary(
                name: "image.tar", platform: "linux/arm64", binaries: 3, layers: 1, bytes: 4096, faults: [],
                duration: .milliseconds(12))
        ]
        return report(evidence)
    }()

    public static let undetermined = report(
        CommandEvidence(probes: [timed("exec.static", .direct, .lost(reason: "lost"))]))
    public static let warned = report(
        CommandEvidence(probes: [timed("exec.static", .direct, attempts: 2)]))
}
