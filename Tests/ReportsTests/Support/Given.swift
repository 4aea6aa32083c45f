import Binfmt
import Findings
import Reports

/// Reports whose every part is fixed.
enum Given {
    static let handler = Handler(
        name: "qemu-aarch64",
        text: """
            enabled
            interpreter /usr/bin/qemu-aarch64-static
            flags: POCF
            offset 0
            magic 7f454c460201010000000000000000000200b700
            mask ffffffffffffff00fffffffffffffffffeffffff

            """)

    static func host(_ handlers: [Handler] = [handler]) -> HostEvidence {
        var interpreter = InterpreterEvidence(
            path: "/usr/bin/qemu-aarch64-static", error: 0, executable: true, version: "7.2.22",
            sha256: String(repeating: "0123456789abcdef", count: 4))
        interpreter.target = "x86-64, 64-bit, little-endian"
        return HostEvidence(
            kernel: "Linux 6.1.0", machine: "x86_64", privileged: true,
            registry: Registry(state: .enabled, handlers: handlers),
            interpreter: handlers.isEmpty ? nil : interpreter, candidates: ["/usr/bin/qemu-aarch64-static"])
    }

    static func probe(
        _ name: String, _ venue: String, _ result: ProbeEvidence.Result = .passed(note: nil), attempts: Int = 1
    ) -> ProbeEvidence {
        ProbeEvidence(
            probe: name, image: "core", venue: venue, result: result, duration: .microseconds(1250), attempts: attempts)
    }

    static func report(_ evidence: Evidence) -> Report {
        Report(
            version: "0.1.0", command: "accept", started: Timestamp(seconds: 1_769_846_400),
            duration: .microseconds(214_720), evidence: evidence)
    }

    /// Everything works.
    static let fit = report(
        Evidence(
            host: host(),
            probes: [
                probe("exec.static", "direct"), probe("exec.argv0", "direct"),
                probe("exec.static", "chroot", .notApplicable(reason: "needs root")),
                probe("exec.argv0", "chroot", .notApplicable(reason: "needs root")),
            ]))

    /// A failure, a broken check, a flaky one, a builder and an artifact.
    static let unfit: Report = {
        var evidence = Evidence(
            host: host([]),
            probes: [
                probe("exec.static", "direct", .refused(error: 8, text: "ENOEXEC (Exec format error)")),
                probe("fp.rounding", "direct", .failed(expected: "1", seen: "2")),
                probe("exec.chain", "direct", attempts: 2), probe("cpu.sve", "direct", .lost(reason: "out of memory")),
            ])
        evidence.builders = [
            BuilderEvidence(
                builder: "buildah", version: "1.28.2",
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

    static let undetermined = report(Evidence(probes: [probe("exec.static", "direct", .lost(reason: "lost"))]))
    static let warned = report(
        Evidence(probes: [probe("exec.static", "direct", attempts: 2)]))
}
