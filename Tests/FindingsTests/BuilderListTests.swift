import Evidence
import Findings
import Guest
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
        required: Bool = true
    ) -> Diagnosis {
        let machines = ["linux/amd64": "x86_64", "linux/arm64": "aarch64"]
        var evidence = BuilderEvidence(
            builder: "buildx", guest: .arm64, required: required, result: result,
            proofs: Dictionary(uniqueKeysWithValues: proven.map { ($0, .proven(machine: machines[$0] ?? "?")) }))
        evidence.survey = survey
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
        #expect(Set(diagnosis.codes) == [.builderDeclaresButCannotRun, .builderLacksPlatform])
    }

    @Test("a list without linux/arm64, which was proven: builder-platforms-stale, a warning") func stale() {
        let diagnosis = diagnosis(.built, survey([native]), proven: both)
        #expect(diagnosis.codes == [.builderPlatformsStale] && diagnosis.verdict == .fit)
        #expect(diagnosis.findings[0].evidence == ["node0 (running): linux/amd64"])
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
