import Evidence
import Findings
import Guest
import SystemPackage
import TestSupport
import Testing

/// What builders say of a step that failed. `Tests/Transcripts` has what tools printed here.
@Suite("Why a builder's step failed") struct BuilderCauseTests {
    private let reference = "build.run@buildctl"

    /// BuildKit's plain progress of a step for arm64 that failed, as `buildctl` and buildx print it.
    private func progress(_ said: String, exitCode: Int = 1) -> [String] {
        let step = "[linux/arm64 2/2] RUN [\"/bin/assay-probe\", \"--output\", \"/proof.tap\"]"
        let process = "process \"/bin/assay-probe --output /proof.tap\" did not complete successfully"
        return [
            "#9 \(step)", "#9 0.103 \(said)", "#9 ERROR: \(process): exit code: \(exitCode)", "------",
            " > \(step):", "0.103 \(said)", "------", "Containerfile:6", "--------------------",
            "   6 | >>> RUN [\"/bin/assay-probe\", \"--output\", \"/proof.tap\"]", "--------------------",
            "error: failed to solve: \(process): exit code: \(exitCode)",
        ]
    }

    private func diagnosis(_ message: [String], isElsewhere: Bool?, builder: String = "buildctl") -> Diagnosis {
        var evidence = BuilderEvidence(
            builder: builder, guest: .arm64,
            result: .failed(command: "buildctl build", status: "exit status 1", message: message),
            proofs: ["linux/amd64": .proven(machine: "x86_64")])
        evidence.survey.isElsewhere = isElsewhere
        evidence.survey.endpoint = "tcp://builder:1234"
        return Diagnosis(builder: evidence)
    }

    @Test(
        "the words are a finding about the host that builds, where that is another",
        arguments: [
            ("exec /bin/assay-probe: exec format error", FindingCode.handlerMissing),
            ("exec /bin/assay-probe: no such file or directory", .handlerNotFixed),
            ("exec /bin/assay-probe: permission denied", .interpreterNotExecutable),
            ("assay-probe: Invalid ELF image for this architecture", .interpreterWrongProgram),
        ])
    func elsewhere(said: String, code: FindingCode) throws {
        let there = diagnosis(progress(said), isElsewhere: true)
        #expect(Set(there.codes) == [code, .builderDeclaresButCannotRun])
        let finding = try #require(there.findings.first { $0.code == code })
        #expect(finding.evidence == [said] && finding.checks == [reference])
        #expect(finding.summary.hasPrefix("where buildctl builds (tcp://builder:1234): "))
        #expect(finding.remedy.hasPrefix("copy assay to the host where buildkitd runs (tcp://builder:1234)"))
        // On this host a look at the handler says it better, but for what its interpreter does.
        let here = diagnosis(progress(said), isElsewhere: false)
        let seen: [FindingCode] = code == .interpreterWrongProgram ? [code] : []
        #expect(Set(here.codes) == Set([.builderDeclaresButCannotRun] + seen))
        #expect(here.findings[0].summary == "buildctl: \(said)" && here.verdict == .unfit)
    }

    @Test(
        "a runtime that cannot start any step is no matter of emulation",
        arguments: [
            "runc run failed: unable to start container process: unable to apply cgroup configuration: x",
            "runc: cgroup: no such hierarchy", "cgroups: cgroup mountpoint does not exist: unknown",
            "mkdir /sys/fs/cgroup/buildkit: read-only file system",
            "error loading seccomp filter: operation not permitted", "OCI runtime exec failed: exec failed: x",
            "failed to create new network namespace: operation not permitted",
            "exec /bin/assay-probe: operation not permitted",
        ], [true, false])
    func runtime(said: String, isElsewhere: Bool) {
        let diagnosis = diagnosis(progress(said), isElsewhere: isElsewhere)
        #expect(diagnosis.codes == [.builderRuntimeFails] && diagnosis.verdict == .unfit)
        #expect(diagnosis.findings[0].summary == "buildctl: \(said)")
    }

    @Test(
        "an emulator that crashes is named, by its words or by the step's status",
        arguments: [("qemu: uncaught target signal 11 (Segmentation fault) - core dumped", 1), ("x", 139)])
    func crash(said: String, exitCode: Int) {
        let diagnosis = diagnosis(progress(said, exitCode: exitCode), isElsewhere: true)
        #expect(diagnosis.codes == [.emulationCrashes] && diagnosis.verdict == .unfit)
    }

    @Test(
        "a full disk and a daemon that went away leave the question open",
        arguments: [
            ("write /proof.tap: no space left on device", FindingCode.runnerLimits),
            (
                "error: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF",
                .builderUnreachable
            ),
            ("dial unix /run/buildkit/buildkitd.sock: connect: connection refused", .builderUnreachable),
            ("dial unix /run/buildkit/buildkitd.sock: connect: permission denied", .builderUnreachable),
            (
                "ERROR: Cannot connect to the Docker daemon at unix:///run/x.sock. Is the docker daemon running?",
                .builderUnreachable
            ),
            (
                "failed to resolve reference \"docker.io/moby/buildkit\": dial tcp: no such host",
                .builderImageUnavailable
            ),
        ])
    func open(said: String, code: FindingCode) {
        let diagnosis = diagnosis(progress(said), isElsewhere: nil)
        #expect(diagnosis.codes == [code])
        #expect(diagnosis.outcome(reference) == .broken && diagnosis.verdict == .undetermined)
    }

    @Test(
        "what the tools printed here",
        arguments: [
            ("buildah-1.28.2-no-handler", FindingCode.builderDeclaresButCannotRun, "exec format error"),
            ("buildah-1.28.2-not-fixed", .builderDeclaresButCannotRun, "no such file or directory"),
            ("buildah-1.28.2-crash", .emulationCrashes, "(Segmentation fault) - core dumped"),
            ("podman-4.3.1-no-handler", .builderDeclaresButCannotRun, "exec format error"),
            ("podman-4.3.1-not-fixed", .builderDeclaresButCannotRun, "no such file or directory"),
            ("buildctl-0.11.6-no-handler", .builderDeclaresButCannotRun, "exec format error"),
            ("buildctl-0.32.2-no-handler", .builderDeclaresButCannotRun, "exec format error"),
            ("buildx-0.29.1-remote-no-handler", .builderDeclaresButCannotRun, "exec format error"),
            ("buildctl-0.32.2-not-fixed", .builderDeclaresButCannotRun, "no such file or directory"),
            ("buildctl-0.32.2-wrong-program", .builderDeclaresButCannotRun, "Invalid ELF image for this architecture"),
            ("buildctl-0.32.2-runtime", .builderRuntimeFails, "/sys/fs/cgroup/cpu/buildkit: read-only file system"),
            ("buildctl-0.32.2-full", .runnerLimits, "a file system is full"),
        ])
    func recorded(name: String, code: FindingCode, words: String) throws {
        let text = try Repository.text(Repository.folder.appending("Tests/Transcripts/\(name).txt").string)
        let diagnosis = diagnosis(
            text.split(separator: "\n").map(String.init), isElsewhere: false,
            builder: String(name.prefix { $0 != "-" }))
        #expect(diagnosis.codes.first == code)
        #expect(diagnosis.findings[0].summary.hasSuffix(words), "\(diagnosis.findings[0].summary)")
    }

    @Test("a full disk is no limit to raise: the remedy makes room, in the words of the tool")
    func room() throws {
        for (builder, words) in [
            ("buildctl", "buildctl prune"), ("docker", "docker builder prune"), ("buildah", "buildah prune"),
        ] {
            let full = diagnosis(["write /x: no space left on device"], isElsewhere: nil, builder: builder)
            #expect(full.codes == [.runnerLimits] && full.findings[0].remedy.hasSuffix(words))
        }
    }

    @Test("a daemon that took the connection and never answered is to be started again") func hung() {
        var evidence = BuilderEvidence(
            builder: "docker", guest: .arm64, required: true,
            result: .unusable(.unreachable(endpoint: "unix:///s", reason: "no end within 20.0 seconds")))
        evidence.survey.endpoint = "unix:///s"
        #expect(Diagnosis(builder: evidence).findings[0].remedy.contains("systemctl restart docker"))
    }

    @Test("no time of the progress is in a summary", arguments: ["0.103 no idea", "#9 0.103 an error", "#9 12.5 x"])
    func times(line: String) {
        let summary = diagnosis(["#9 [linux/arm64 2/2] RUN x", line], isElsewhere: nil).findings[0].summary
        #expect(!summary.contains("0.103") && !summary.contains("12.5") && !summary.contains("#9"), "\(summary)")
    }

    @Test("after a time limit the summary is the limit and the step, whatever else was said") func limit() {
        let message = ["#9 [linux/arm64 2/2] RUN [\"/bin/x\"]", "#9 0.1 error: unimportant", "could not stop: error"]
        var evidence = BuilderEvidence(
            builder: "buildctl", guest: .arm64,
            result: .timedOut(command: "buildctl build", limit: "no end within 120.0 seconds", message: message))
        evidence.leftovers = ["error: 3 records are still there"]
        let diagnosis = Diagnosis(builder: evidence)
        #expect(diagnosis.codes == [.builderBuildFailed] && diagnosis.outcome(reference) == .fail)
        let expected = "no end within 120.0 seconds; it was at: RUN [\"/bin/x\"]"
        #expect(diagnosis.findings[0].summary == "buildctl: \(expected)")
        #expect(diagnosis.checks[0].detail.hasPrefix(expected))
        #expect(diagnosis.checks[0].detail.hasSuffix("could not clean up: error: 3 records are still there"))
    }

    @Test("what was left behind makes a good build no pass") func leftovers() {
        var evidence = BuilderEvidence(
            builder: "buildctl", guest: .arm64, result: .built,
            proofs: ["linux/amd64": .proven(machine: "x86_64"), "linux/arm64": .proven(machine: "aarch64")])
        evidence.remarks = ["the daemon's records of these builds stay"]
        #expect(Diagnosis(builder: evidence).outcome(reference) == .pass)
        #expect(Diagnosis(builder: evidence).checks[0].detail.hasSuffix("; the daemon's records of these builds stay"))
        evidence.leftovers = ["a tag"]
        #expect(Diagnosis(builder: evidence).outcome(reference) == .broken)
    }

    @Test("a step that ended well and left no proof: what runs there is no emulator") func stub() {
        var evidence = BuilderEvidence(
            builder: "buildctl", guest: .arm64, result: .built, proofs: ["linux/amd64": .proven(machine: "x86_64")])
        for isElsewhere in [true, false] {
            evidence.survey.isElsewhere = isElsewhere
            #expect(Set(Diagnosis(builder: evidence).codes) == [.builderRanNatively, .interpreterWrongProgram])
        }
    }
}

@Suite("What to type about a builder") struct BuilderRemedyTests {
    private func remedy(_ builder: String, driver: String? = nil, at endpoint: String, _ reason: String) -> String {
        var evidence = BuilderEvidence(
            builder: builder, guest: .arm64, required: true,
            result: .unusable(.unreachable(endpoint: endpoint, reason: reason)))
        evidence.survey.driver = driver
        return Diagnosis(builder: evidence).findings[0].remedy
    }

    @Test("it speaks of the tool in question") func tools() {
        let socket = "there is no such socket"
        let buildctl = remedy("buildctl", at: "unix:///run/buildkit/buildkitd.sock", socket)
        #expect(buildctl.contains("BUILDKIT_HOST") && buildctl.contains("buildkitd") && !buildctl.contains("docker"))
        #expect(remedy("docker", at: "unix:///var/run/docker.sock", socket).hasPrefix("systemctl start docker"))
        #expect(remedy("buildx:k", driver: "kubernetes", at: "kubernetes:///k", "x").hasPrefix("kubectl"))
        let remote = remedy("buildx:far", driver: "remote", at: "tcp://far:1234", "connection refused")
        #expect(remote.contains("buildkitd") && remote.contains("tcp://far:1234") && remote.contains("cacert="))
        #expect(remedy("docker", at: "ssh://me@far", "x").hasPrefix("ssh me@far docker version"))
        #expect(remedy("docker", at: "tcp://far:2376", "x").contains("DOCKER_TLS_VERIFY=1"))
        let rootless = "no socket; a rootless daemon's is here: export DOCKER_HOST=unix:///run/user/1/docker.sock"
        #expect(
            remedy("docker", at: "unix:///x", rootless) == "export DOCKER_HOST=unix:///run/user/1/docker.sock")
    }

    @Test(
        "a buildkitd that wants TLS needs options, which are named",
        arguments: [
            "tls: first record does not look like a TLS handshake", "x509: certificate signed by unknown authority",
            "error reading server preface: EOF",
        ])
    func tls(reason: String) {
        #expect(remedy("buildctl", at: "tcp://far:1234", reason).contains("--builder-option tlsdir="))
    }

    @Test("a tool that is not installed is installed by its own name", arguments: ["podman", "buildah", "docker"])
    func install(tool: String) {
        let evidence = BuilderEvidence(builder: tool, guest: .arm64, required: true, result: .missing)
        #expect(Diagnosis(builder: evidence).findings[0].remedy.hasPrefix("apt-get install -y \(tool)"))
    }

    @Test("an image that cannot be had may come from a mirror") func image() {
        let evidence = BuilderEvidence(
            builder: "buildx:mine", guest: .arm64, required: true,
            result: .unusable(.imageUnavailable(reason: "pull access denied")))
        let remedy = Diagnosis(builder: evidence).findings[0].remedy
        #expect(remedy.contains("assay builders create mine --image") && remedy.contains("mirrors"))
    }
}
