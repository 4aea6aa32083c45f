import Evidence
import Findings
import Guest
import TestSupport
import Testing

@Suite("What a builder says about itself") struct BuilderListTests {
    private let reference = "build.run@buildx"

    private func survey(
        _ platforms: [BuilderPlatform], driver: String? = "docker", buildsInOneGo: Bool = true
    ) -> BuilderSurvey {
        var survey = BuilderSurvey()
        survey.nodes = [BuilderNode(name: "node0", status: "running", platforms: platforms)]
        survey.driver = driver
        survey.buildsInOneGo = buildsInOneGo
        return survey
    }

    private func diagnosis(
        _ result: BuilderEvidence.Result, _ survey: BuilderSurvey, proven: [String] = ["linux/amd64"],
        required: Bool = true, emulator: String? = nil
    ) -> Diagnosis {
        let machines = ["linux/amd64": "x86_64", "linux/arm64": "aarch64"]
        var evidence = BuilderEvidence(
            builder: "buildx", guest: .arm64, required: required, result: result,
            proofs: Dictionary(uniqueKeysWithValues: proven.map { ($0, .proven(machine: machines[$0] ?? "?")) }))
        evidence.survey = survey
        if let emulator { evidence.emulators["linux/arm64"] = emulator }
        return Diagnosis(builder: evidence)
    }

    private let native = BuilderPlatform(name: "linux/amd64", isDeclared: false)
    private let both = ["linux/amd64", "linux/arm64"]

    /// What buildah 1.39.3 and podman 5.4.2, then BuildKit in dockerd 26.1.5 said when `ci/steps/builders-without-handler` ran; the last two are what users
    /// reported of BuildKit's embedded emulator, and of a BuildKit that knows no handler.
    private static let refusals = [
        "process failed to start with error: fork/exec /bin/assay-probe: exec format error",
        "0.457 exec /bin/assay-probe: exec format error",
        ".buildkit_qemu_emulator: /bin/sh: Invalid ELF image for this architecture",
        "runtime execution on platform linux/arm64 not supported",
    ]

    @Test("refused although it is listed: declared and detected are told apart", arguments: refusals, [true, false])
    func refused(words: String, isDeclared: Bool) throws {
        let failed = BuilderEvidence.Result.failed(
            command: "docker buildx build", status: "exit status 1", message: [words])
        let listed = BuilderPlatform(name: "linux/arm64", isDeclared: isDeclared)
        let diagnosis = diagnosis(failed, survey([native, listed]))
        #expect(diagnosis.codes == [.builderDeclaresButCannotRun] && diagnosis.verdict == .unfit)
        let evidence = diagnosis.findings[0].evidence
        #expect(evidence.first == (isDeclared ? "listed: linux/arm64* (declared)" : "listed: linux/arm64 (detected)"))
        #expect(evidence.contains("proven: linux/amd64"))
    }

    @Test("a list without linux/arm64, and none can run: builder-lacks-platform") func lacks() {
        let failed = BuilderEvidence.Result.failed(command: "b", status: "exit status 1", message: [Self.refusals[3]])
        let diagnosis = diagnosis(failed, survey([native]))
        #expect(diagnosis.codes == [.builderLacksPlatform])
        #expect(diagnosis.findings[0].evidence.starts(with: ["node0 (running): linux/amd64", "$ b"]))
        #expect(diagnosis.findings[0].summary.hasPrefix("buildx does not list linux/arm64, and cannot run it: "))
    }

    @Test("a list without linux/arm64, for which the handler ran a step: builder-platforms-stale, a warning")
    func stale() {
        let diagnosis = diagnosis(
            .built, survey([native], driver: "docker-container"), proven: both, emulator: "registered handler")
        #expect(diagnosis.codes == [.builderPlatformsStale] && diagnosis.verdict == .fit)
        #expect(diagnosis.findings[0].evidence == ["node0 (running): linux/amd64"])
        #expect(diagnosis.findings[0].summary.hasSuffix("a RUN step ran (registered handler)"))
        #expect(diagnosis.findings[0].remedy == "docker buildx stop && docker buildx inspect --bootstrap")
    }

    @Test("what only the builder's embedded emulator runs is never listed: no finding") func embedded() {
        let diagnosis = diagnosis(
            .built, survey([native]), proven: both, emulator: BuilderEvidence.embeddedEmulator)
        #expect(diagnosis.codes.isEmpty && diagnosis.verdict == .fit)
        #expect(diagnosis.checks[0].detail.hasSuffix("RUN ran on aarch64 (the builder's embedded emulator)"))
    }

    @Test("dockerd asks the kernel at each listing: no command would help, and none is named") func noRemedy() {
        let diagnosis = diagnosis(.built, survey([native]), proven: both)
        #expect(diagnosis.codes == [.builderPlatformsStale])
        #expect(diagnosis.findings[0].remedy.hasPrefix("none is needed"))
    }

    @Test("this host's handler says nothing about a list: without a proof the builder lacks the platform")
    func handlerHere() {
        let failed = BuilderEvidence.Result.failed(command: "b", status: "exit status 1", message: [Self.refusals[3]])
        var evidence = BuilderEvidence(builder: "buildctl", guest: .arm64, result: failed)
        evidence.survey = survey([native], driver: nil)
        var all = CommandEvidence(host: Given.host([Given.handler()]))
        all.builders = [evidence]
        let codes = Diagnosis(all).codes
        #expect(codes.contains(.builderLacksPlatform) && !codes.contains(.builderPlatformsStale))
    }

    @Test("a builder that lists nothing at all has not lied") func listsNone() {
        #expect(diagnosis(.built, survey([], driver: nil), proven: both).findings.isEmpty)
    }

    @Test("a driver that makes one platform at a time is named; a tool without drivers is not") func oneAtATime() {
        let arm64 = BuilderPlatform(name: "linux/arm64", isDeclared: false)
        let single = diagnosis(.built, survey([native, arm64], buildsInOneGo: false), proven: both)
        #expect(single.codes == [.builderSinglePlatformDriver] && single.verdict == .fit)
        #expect(single.findings[0].evidence == ["driver: docker"])
        let plain = diagnosis(.built, survey([native, arm64], driver: nil, buildsInOneGo: false), proven: both)
        #expect(plain.findings.isEmpty)
    }

    @Test("an obstacle is a finding where the builder was asked for, and a skip with its reason where not")
    func obstacles() {
        let socket = BuilderObstacle.unreachable(endpoint: "unix:///none", reason: "there is no such socket")
        let image = BuilderObstacle.imageUnavailable(reason: "pull access denied for moby/buildkit")
        for (obstacle, code) in [(socket, FindingCode.builderUnreachable), (image, .builderImageUnavailable)] {
            let asked = diagnosis(.unusable(obstacle), survey([]), proven: [])
            #expect(asked.codes == [code] && asked.outcome(reference) == .broken && asked.verdict == .undetermined)
            let idle = diagnosis(.unusable(obstacle), survey([]), proven: [], required: false)
            #expect(idle.findings.isEmpty && idle.outcome(reference) == .skip)
            #expect(idle.checks[0].detail.contains(obstacle.reason))
        }
    }
}

@Suite("What a builder's embedded emulator cannot do") struct EmbeddedEmulatorTests {
    private func diagnosis(_ context: String, _ result: BuilderEvidence.Result, isSeen: Bool) -> Diagnosis {
        var evidence = BuilderEvidence(builder: "buildctl", guest: .arm64, context: context, result: result)
        evidence.survey.usesEmbeddedEmulator = isSeen
        return Diagnosis(builder: evidence)
    }

    @Test(
        "it is that builder's known limit, named", arguments: ["setuid", "scripts", "heredoc", "toolchain", "stages"])
    func known(context: String) {
        let words = "0.1 /bin/sh: /steps.sh: not found"
        let failed = BuilderEvidence.Result.failed(command: "b", status: "exit status 1", message: [words])
        let diagnosis = diagnosis(context, failed, isSeen: true)
        #expect(diagnosis.codes == [.builderEmbeddedEmulator] && diagnosis.findings[0].severity == .warning)
        #expect(diagnosis.checks[0].outcome == .skip && diagnosis.verdict == .fit)
    }

    @Test("another context, and another emulator, are judged as ever") func others() {
        let failed = BuilderEvidence.Result.failed(command: "b", status: "exit status 1", message: ["no"])
        #expect(diagnosis("run", failed, isSeen: true).codes == [.builderBuildFailed])
        #expect(diagnosis("scripts", failed, isSeen: false).codes == [.builderBuildFailed])
        let named = BuilderEvidence.Result.failed(
            command: "b", status: "exit status 1", message: ["/dev/.buildkit_qemu_emulator: /x: not found"])
        #expect(diagnosis("scripts", named, isSeen: false).codes == [.builderEmbeddedEmulator])
    }
}
