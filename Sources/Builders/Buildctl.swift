public import Evidence
import FoundationEssentials
import Glibc
import Processes
import Sandbox
import SystemPackage

/// A buildkitd behind a socket, 0.11 or later, over its own `buildctl`: <https://github.com/moby/buildkit#usage>.
///
/// Older versions have no `--format` for `debug workers` and `du`.
public struct Buildctl: BuilderDriver {
    public let name = "buildctl"
    public let oldestVersion = "0.11"
    public let heredocsSince = "0.11"
    private let program: FilePath?
    private let options: BuilderOptions
    private let given: String?

    public init(options: BuilderOptions = BuilderOptions()) {
        program = Tool.find("buildctl")
        self.options = options
        given = nil
    }

    init(program: FilePath, address: String? = nil, options: BuilderOptions = BuilderOptions()) {
        self.program = program
        self.options = options
        given = address
    }

    public var isInstalled: Bool { program != nil }
    public var takesScratchForTarget: Bool { true }

    /// `BUILDKIT_HOST`, else the rootless daemon's socket if it exists, else root's.
    private var address: String {
        if let given { return given }
        let rootless = "\(Tool.variable("XDG_RUNTIME_DIR") ?? "/run/user/\(geteuid())")/buildkit/buildkitd.sock"
        return Tool.variable("BUILDKIT_HOST")
            ?? (access(rootless, F_OK) == 0 ? "unix://\(rootless)" : "unix:///run/buildkit/buildkitd.sock")
    }

    public func survey(_ runner: ToolRunner) -> BuilderSurvey {
        var survey = BuilderSurvey()
        guard let program else { return survey }
        survey.endpoint = address
        survey.isElsewhere = DaemonPlace.isElsewhere(address)
        if let reason = LocalSocket.obstacle(at: address) {
            survey.obstacle = .unreachable(endpoint: address, reason: reason)
            return survey
        }
        let asked = runner.run(launch(program, ["debug", "workers", "--format", "{{json .}}"]))
        let workers = asked.reason == .exited(0) ? Self.workers(asked.output.bytes) : []
        survey.nodes = workers.map(\.node)
        // A daemon since 0.11 tells its own, else `buildctl github.com/moby/buildkit v0.11.6 2951a28`.
        survey.version = workers.lazy.compactMap(\.daemon?.number).first ?? runner.version(of: program)
        survey.obstacle = Version.obstacle(name, survey.version, oldest: oldestVersion)
        if workers.isEmpty, survey.obstacle == nil {
            let reason = DockerEndpoint(address: address).explain(asked.trouble)
            survey.obstacle = .unreachable(endpoint: address, reason: reason)
        }
        return survey
    }

    /// The workers that `debug workers --format '{{json .}}'` prints; none for other text.
    static func workers(_ json: [UInt8]) -> [Worker] {
        (try? JSONDecoder().decode([Worker].self, from: Data(json))) ?? []
    }

    public func jobs(_ request: BuildRequest, _ survey: BuilderSurvey) -> [BuildJob] {
        guard let program else { return [] }
        let output = request.output(request.platforms)
        var build = [
            "build", "--progress", "plain", "--frontend", "dockerfile.v0", "--local", "context=\(request.context)",
            "--local",
            "dockerfile=\(request.context)", "--opt", "filename=Containerfile", "--opt",
            "platform=\(request.platforms.joined(separator: ","))", "--opt", "force-network-mode=none",
            "--opt", "label:\(BuildRequest.labelKey)=\(request.label)", "--output", "type=oci,dest=\(output)",
        ]
        build += request.arguments.sorted { $0.key < $1.key }.flatMap { ["--opt", "build-arg:\($0.key)=\($0.value)"] }
        if let base = request.base {
            build += ["--oci-layout", "\(BaseImage.name)=\(base.layout)"]
            build += ["--opt", "context:\(BaseImage.name)=oci-layout://\(BaseImage.name)@\(base.digest)"]
            build += ["--opt", "build-arg:\(BaseImage.argument)=\(BaseImage.name)"]
        }
        if !request.usesCache { build.append("--no-cache") }
        return [
            BuildJob(
                platforms: request.platforms, steps: [launch(program, build, timeout: request.timeout)], output: output)
        ]
    }

    public func inventory(_ survey: BuilderSurvey, _ runner: ToolRunner) -> Set<String>? {
        store(runner)?.records
    }

    public func cleanUp(
        _ request: BuildRequest, _ survey: BuilderSurvey, before: Set<String>?, _ runner: ToolRunner
    ) -> LeftBehind {
        guard let before else { return LeftBehind(failures: ["buildkitd did not say what its cache held"]) }
        do throws(NoAnswer) {
            return try store(runner)?.remove(before: before, wasCancelled: request.wasCancelled) ?? LeftBehind()
        } catch {
            return LeftBehind(failures: ["buildkitd does not say what its cache holds: \(error.message)"])
        }
    }

    public func eraseHistory(_ request: BuildRequest, _ survey: BuilderSurvey, _ runner: ToolRunner) -> HistoryErasure {
        store(runner)?.eraseHistory(of: request.label) ?? .erased
    }

    public func removeLeftovers(_ runner: ToolRunner) -> LeftoverSearch {
        guard let store = store(runner) else { return .notInstalled }
        if let obstacle = LocalSocket.obstacle(at: address) { return .notMade(reason: "\(address): \(obstacle)") }
        let stays = [LeftoverSearch.staysInCache("buildctl prune")]
        return switch store.eraseHistory(of: "assay-") {
        case .failed(let failures): .made(failures: failures, stays: stays)
        case .stays(let reason): .made(stays: ["records of builds stay: \(reason)"] + stays)
        case .erased: .made(stays: stays)
        }
    }

    private func store(_ runner: ToolRunner) -> BuildkitStore? {
        program.map { program in BuildkitStore(runner: runner) { launch(program, $0) } }
    }

    private func launch(_ program: FilePath, _ words: [String], timeout: Duration = .seconds(20)) -> Launch {
        Tool.launch(program, ["--addr", address] + options.buildctlWords + words, timeout: timeout)
    }

    /// One element of `buildctl debug workers`.
    struct Worker: Decodable {
        struct Platform: Decodable {
            var os: String
            var architecture: String
            var variant: String?
            var name: String { "\(os)/\(architecture)" + (variant.map { $0.isEmpty ? "" : "/\($0)" } ?? "") }
        }
        struct Daemon: Decodable {
            var version: String
            var number: String { String(version.drop { $0 == "v" }) }
        }
        var id: String
        var platforms: [Platform]?
        var daemon: Daemon?
        enum CodingKeys: String, CodingKey {
            case id, platforms
            case daemon = "buildkitVersion"
        }

        var node: BuilderNode {
            BuilderNode(
                name: id, status: "running",
                platforms: (platforms ?? []).map { BuilderPlatform(name: $0.name, isDeclared: false) })
        }
    }
}
