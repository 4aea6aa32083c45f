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

    public init() {
        program = Tool.find("buildctl")
    }

    init(program: FilePath) {
        self.program = program
    }

    public var isInstalled: Bool { program != nil }

    /// `BUILDKIT_HOST`, else the rootless daemon's socket if it exists, else root's.
    private var address: String {
        let rootless = "\(Tool.variable("XDG_RUNTIME_DIR") ?? "/run/user/\(geteuid())")/buildkit/buildkitd.sock"
        return Tool.variable("BUILDKIT_HOST")
            ?? (access(rootless, F_OK) == 0 ? "unix://\(rootless)" : "unix:///run/buildkit/buildkitd.sock")
    }

    public func survey(_ runner: ToolRunner) -> BuilderSurvey {
        var survey = BuilderSurvey()
        guard let program else { return survey }
        // `buildctl github.com/moby/buildkit v0.11.6 2951a28`
        survey.version = runner.version(of: program)
        survey.endpoint = address
        survey.obstacle = Version.obstacle(name, survey.version, oldest: oldestVersion)
        guard survey.obstacle == nil else { return survey }
        let asked = runner.run(launch(program, ["debug", "workers", "--format", "{{json .}}"]))
        let nodes = asked.reason == .exited(0) ? Self.nodes(asked.output.bytes) : []
        guard !nodes.isEmpty else {
            let reason = DockerEndpoint(address: address).explain(asked.errors.text)
            survey.obstacle = .unreachable(endpoint: address, reason: reason)
            return survey
        }
        survey.nodes = nodes
        return survey
    }

    /// The workers that `debug workers --format '{{json .}}'` prints; none for other text.
    static func nodes(_ json: [UInt8]) -> [BuilderNode] {
        let workers = (try? JSONDecoder().decode([Worker].self, from: Data(json))) ?? []
        return workers.map { worker in
            BuilderNode(
                name: worker.id, status: "running",
                platforms: (worker.platforms ?? []).map { BuilderPlatform(name: $0.name, isDeclared: false) })
        }
    }

    public func jobs(_ request: BuildRequest, _ survey: BuilderSurvey) -> [BuildJob] {
        guard let program else { return [] }
        let output = request.output(request.platforms)
        var build = [
            "build", "--progress", "plain", "--frontend", "dockerfile.v0", "--local", "context=\(request.context)",
            "--local",
            "dockerfile=\(request.context)", "--opt", "filename=Containerfile", "--opt",
            "platform=\(request.platforms.joined(separator: ","))", "--opt", "force-network-mode=none",
            "--output", "type=oci,dest=\(output)",
        ]
        build += request.arguments.sorted { $0.key < $1.key }.flatMap { ["--opt", "build-arg:\($0.key)=\($0.value)"] }
        if !request.usesCache { build.append("--no-cache") }
        return [
            BuildJob(
                platforms: request.platforms, steps: [launch(program, build, timeout: request.timeout)], output: output)
        ]
    }

    public func inventory(_ survey: BuilderSurvey, _ runner: ToolRunner) -> Set<String>? {
        guard let program, let records = try? records(program, runner) else { return nil }
        return Set(records.keys)
    }

    public func cleanUp(
        _ request: BuildRequest, _ survey: BuilderSurvey, before: Set<String>?, _ runner: ToolRunner
    ) -> [String] {
        guard let program, let before else { return ["buildkitd did not say what its cache held"] }
        var sweep = CacheSweep(before: before)
        do throws(NoAnswer) {
            return try sweep.untilClean(of: "records of buildkitd's cache") { sweep throws(NoAnswer) in
                let left = sweep.left(of: try records(program, runner))
                guard !left.isEmpty else { return CacheSweep.Pass(isClean: true, failures: []) }
                let filter = "id~=\(CacheSweep.expression(left))"
                let failure = runner.clean(launch(program, ["prune", "--all", "--filter", filter]))
                return CacheSweep.Pass(isClean: false, failures: failure.map { [$0] } ?? [])
            }
        } catch {
            return ["buildkitd does not say what its cache holds: \(error.message)"]
        }
    }

    private func records(_ program: FilePath, _ runner: ToolRunner) throws(NoAnswer) -> [String: Bool] {
        var launch = launch(program, ["du", "--format", "{{range .}}\(CacheSweep.template){{end}}"])
        launch.cleansUp = true
        let ended = runner.run(launch)
        guard ended.reason == .exited(0) else { throw NoAnswer(message: ended.complaint) }
        return CacheSweep.records(ended.output.text)
    }

    private func launch(_ program: FilePath, _ words: [String], timeout: Duration = .seconds(20)) -> Launch {
        Tool.launch(program, ["--addr", address] + words, timeout: timeout)
    }

    /// One element of `buildctl debug workers`.
    private struct Worker: Decodable {
        struct Platform: Decodable {
            var os: String
            var architecture: String
            var variant: String?
            var name: String { "\(os)/\(architecture)" + (variant.map { $0.isEmpty ? "" : "/\($0)" } ?? "") }
        }
        var id: String
        var platforms: [Platform]?
    }
}
