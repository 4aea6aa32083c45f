public import Evidence
import FoundationEssentials
import OCI
import Processes
import Sandbox
public import SystemPackage

/// The BuildKit inside a Docker daemon, 20.10 or later: <https://docs.docker.com/build/buildkit/>.
///
/// Each platform is built alone and exported with `docker save`: a daemon without the containerd image store holds no
/// manifest list. From version 23 on, the command line needs the buildx plugin; older ones contain BuildKit's client.
public struct Docker: BuilderDriver {
    public let name = "docker"
    public let oldestVersion = "20.10"
    public let heredocsSince = "23"
    private let programs = Tool.all("docker")

    public init() {}

    public var isInstalled: Bool { !programs.isEmpty }
    public var footprint: [FilePath] { DockerEndpoint.configuration }

    public func survey(_ runner: ToolRunner) -> BuilderSurvey {
        var survey = BuilderSurvey()
        survey.buildsInOneGo = false
        if let address = DockerContext().address, let reason = LocalSocket.obstacle(at: address) {
            survey.endpoint = address
            survey.obstacle = .unreachable(endpoint: address, reason: reason)
            return survey
        }
        var passedOver: [String] = []
        for program in programs {
            let version =
                runner.answer(Self.launch(program, ["--version"], work: runner.work)).flatMap { Version.third(of: $0) }
                ?? "?"
            let hasClient = Version.isOlder(version, than: "23")
            if hasClient || BuildxPlugin.version(runner) != nil
                || runner.answer(Self.launch(program, ["buildx", "version"], work: runner.work)) != nil
            {
                survey.program = program.string
                survey.version = version
                break
            }
            passedOver.append("\(program) \(version)")
        }
        guard let chosen = survey.program.map({ FilePath($0) }) else {
            survey.obstacle = .unusable(
                reason:
                    "\(passedOver.joined(separator: ", ")): since version 23 BuildKit needs the buildx plugin, which is not there "
                    + "(apt-get install docker-buildx, or docker-buildx-plugin); the classic builder (DOCKER_BUILDKIT=0) is not tried: "
                    + "it makes one platform at a time, and is to go"
            )
            return survey
        }
        let endpoint = DockerEndpoint(program: chosen, runner)
        survey.endpoint = endpoint.address
        survey.isElsewhere = DaemonPlace.isElsewhere(endpoint.address)
        let asked = runner.run(Self.launch(chosen, ["info", "--format", "{{json .}}"], work: runner.work))
        guard asked.reason == .exited(0),
            let info = try? JSONDecoder().decode(Info.self, from: Data(asked.output.bytes)), !info.version.isEmpty
        else {
            // What hung once would hang again. Else `version` says best why.
            let said =
                asked.reason == .timedOut ? asked : runner.run(Self.launch(chosen, ["version"], work: runner.work))
            survey.obstacle = .unreachable(endpoint: endpoint.address, reason: endpoint.explain(said.trouble))
            return survey
        }
        survey.obstacle = Version.obstacle("dockerd", info.version, oldest: oldestVersion)
        survey.version = info.version
        // The daemon does not tell which platforms its BuildKit has detected.
        // A socket may lead into a virtual machine, whose kernel is another.
        if let kernel = info.kernel, kernel != KernelNames.release { survey.isElsewhere = true }
        survey.nodes = [BuilderNode(name: info.name, status: "running, \(info.platform)", platforms: [])]
        return survey
    }

    public func jobs(_ request: BuildRequest, _ survey: BuilderSurvey) -> [BuildJob] {
        guard let program = survey.program.map({ FilePath($0) }) else { return [] }
        return request.platforms.map { platform in
            let output = request.output([platform])
            let tag = request.name(platform)
            // No step needs a network, and the host may have no bridge.
            var build = ["build", "--platform", platform, "--network", "none", "--tag", tag]
            build += (request.usesCache ? [] : ["--no-cache"]) + request.argumentWords + request.labelWords
            build += ["--file", request.context.appending("Containerfile").string, request.context.string]
            let save = ["save", "--output", output.string, tag]
            return BuildJob(
                platforms: [platform],
                steps: [build, save].map { Self.launch(program, $0, work: request.work, timeout: request.timeout) },
                output: output)
        }
    }

    public func inventory(_ survey: BuilderSurvey, _ runner: ToolRunner) -> Set<String>? {
        survey.program.flatMap { DockerCache(FilePath($0), runner).records }
    }

    public func cleanUp(_ request: BuildRequest, _ survey: BuilderSurvey, before: Set<String>?, _ runner: ToolRunner)
        -> LeftBehind
    {
        guard let program = survey.program else { return LeftBehind() }
        return DockerCache(FilePath(program), runner)
            .remove(label: request.label, before: before, wasCancelled: request.wasCancelled)
    }

    public func eraseHistory(_ request: BuildRequest, _ survey: BuilderSurvey, _ runner: ToolRunner) -> HistoryErasure {
        guard let program = survey.program else { return .erased }
        return BuildxHistory(work: runner.work).erase(BuildxPlugin.version(runner), runner) {
            Self.launch(FilePath(program), ["buildx"] + $0, work: runner.work)
        }
    }

    public func removeLeftovers(_ runner: ToolRunner) -> LeftoverSearch {
        guard let program = programs.first else { return .notInstalled }
        let context = DockerContext()
        guard let address = context.address else {
            return .notMade(reason: "the context \(context.name ?? "default") names no daemon")
        }
        if let obstacle = LocalSocket.obstacle(at: address) { return .notMade(reason: "\(address): \(obstacle)") }
        let removed = DockerCache(program, runner).removeImages()
        return .removed(
            images: removed.count, failures: removed.failures,
            stays: [LeftoverSearch.staysInCache("docker builder prune")])
    }

    /// - Parameter work: holds what buildx writes; nil: the user's home does.
    static func launch(
        _ program: FilePath, _ arguments: [String], work: FilePath?, timeout: Duration = .seconds(20)
    ) -> Launch {
        var launch = Tool.launch(program, arguments, timeout: timeout)
        launch.environment["DOCKER_BUILDKIT"] = "1"
        launch.environment["BUILDKIT_PROGRESS"] = "plain"
        launch.environment["DOCKER_CLI_HINTS"] = "false"
        // Select the daemon's own builder, which has the context's name: `docker buildx use` may have chosen another.
        if let work { launch.environment["BUILDX_CONFIG"] = BuildxState(work).directory.string }
        launch.environment["BUILDX_BUILDER"] = DockerEndpoint.context
        return launch
    }

    /// The wanted fields of `docker info`.
    private struct Info: Decodable {
        var version: String
        var name: String
        var osType: String
        var architecture: String
        var kernel: String?
        var platform: String {
            // Go's rules know every name but the kernel's for 32-bit arm.
            if architecture == "armv7l" { return "\(osType)/arm/v7" }
            return Platform(os: osType, architecture: architecture).normalized.description
        }

        enum CodingKeys: String, CodingKey {
            case version = "ServerVersion"
            case name = "Name"
            case osType = "OSType"
            case architecture = "Architecture"
            case kernel = "KernelVersion"
        }
    }
}
