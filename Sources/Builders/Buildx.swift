public import Evidence
import Processes
import Sandbox
public import SystemPackage

/// A builder of docker's buildx plugin, 0.10 or later: <https://docs.docker.com/build/builders/drivers/>.
///
/// Its driver is `docker` (the daemon's BuildKit), `docker-container`, `remote` or `kubernetes`. Each makes a manifest
/// list in one go, except `docker` without the containerd image store.
public struct Buildx: BuilderDriver {
    public let name: String
    public let oldestVersion = "0.10"
    public let heredocsSince = "0.10"
    /// A name that `docker buildx ls` shows; nil: the current builder.
    private let builder: String?
    private let programs = Tool.all("docker")

    public init(builder: String? = nil) {
        self.builder = builder
        name = builder.map { "buildx:\($0)" } ?? "buildx"
    }

    public var isInstalled: Bool { !programs.isEmpty && BuildxPlugin.isThere }
    /// Most of its builders are in the daemon that `docker` uses.
    public var resource: String { "docker" }
    public var footprint: [FilePath] { DockerEndpoint.configuration }

    public func survey(_ runner: ToolRunner) -> BuilderSurvey {
        var survey = BuilderSurvey()
        for program in programs {
            // `github.com/docker/buildx v0.13.1 0de5f1c`, or without the name.
            guard let said = runner.answer(launch(program, ["version"], runner.work)) else { continue }
            survey.program = program.string
            survey.version = said.split { $0 == " " || $0 == "\n" }.first {
                $0.drop { $0 == "v" }.first?.isNumber == true
            }
            .map { String($0.drop { $0 == "v" }) }
            break
        }
        guard let program = survey.program.map({ FilePath($0) }) else {
            survey.obstacle = .unusable(reason: "docker has no buildx plugin")
            return survey
        }
        survey.obstacle = Version.obstacle("buildx", survey.version, oldest: oldestVersion)
        guard survey.obstacle == nil else { return survey }
        // This shows the declared platforms even if the node never starts.
        let inspected = runner.run(launch(program, ["inspect"], runner.work))
        var listing = BuildxListing(inspected.output.text)
        var said = inspected.errors.text
        if listing.driver != "docker" {
            survey.wasStarted = !listing.nodes.contains { $0.status == "running" }
            let asked = runner.run(launch(program, ["inspect", "--bootstrap"], runner.work, timeout: .seconds(60)))
            said = asked.errors.text
            let started = BuildxListing(asked.output.text)
            if asked.reason == .exited(0) && !started.nodes.isEmpty { listing = started }
        }
        survey.driver = listing.driver
        survey.nodes = listing.nodes
        survey.endpoint = listing.endpoint
        survey.buildsInOneGo = listing.driver != "docker" || listing.hasContainerdStore
        // The exit status is 0 even if a node has an error.
        if listing.error != nil || !listing.nodes.contains(where: { $0.status == "running" }) {
            var text = listing.error.map { $0 + "\n" + said } ?? said
            if listing.driver == nil, builder == nil {
                // docker says better than buildx why its daemon is out of reach: certificates, a context's name.
                text = runner.run(Docker.launch(program, ["version"], work: runner.work)).errors.text
            }
            survey.obstacle = Self.obstacle(text, listing, DockerEndpoint(program: program, runner))
        }
        return survey
    }

    /// Why no node runs.
    static func obstacle(_ text: String, _ listing: BuildxListing, _ daemon: DockerEndpoint) -> BuilderObstacle {
        // A node's endpoint is an address, or a context's name: then it is on this daemon.
        let endpoint = listing.endpoint.flatMap { $0.contains("://") ? DockerEndpoint(address: $0) : nil } ?? daemon
        if BuilderObstacle.isPullFailure(text) {
            let last = text.split(separator: "\n").last.map(String.init)
            return .imageUnavailable(reason: last ?? "its image could not be pulled")
        }
        return .unreachable(endpoint: endpoint.address, reason: endpoint.explain(text))
    }

    public func jobs(_ request: BuildRequest, _ survey: BuilderSurvey) -> [BuildJob] {
        guard let program = survey.program.map({ FilePath($0) }) else { return [] }
        let groups = survey.buildsInOneGo ? [request.platforms] : request.platforms.map { [$0] }
        return groups.map { platforms in
            let output = request.output(platforms)
            var build = ["build", "--platform", platforms.joined(separator: ","), "--network", "none"]
            build += (request.usesCache ? [] : ["--no-cache"]) + request.argumentWords
            build += ["--file", request.context.appending("Containerfile").string]
            guard !survey.buildsInOneGo else {
                build += ["--output", "type=oci,dest=\(output)", request.context.string]
                return BuildJob(
                    platforms: platforms, steps: [launch(program, build, request.work, timeout: request.timeout)],
                    output: output)
            }
            let tag = request.name(platforms[0])
            build += ["--load", "--tag", tag, request.context.string]
            let save = Docker.launch(
                program, ["save", "--output", output.string, tag], work: request.work, timeout: request.timeout)
            return BuildJob(
                platforms: platforms, steps: [launch(program, build, request.work, timeout: request.timeout), save],
                output: output)
        }
    }

    public func inventory(_ survey: BuilderSurvey, _ runner: ToolRunner) -> Set<String>? {
        cache(survey, runner)?.records
    }

    public func cleanUp(
        _ request: BuildRequest, _ survey: BuilderSurvey, before: Set<String>?, _ runner: ToolRunner
    ) -> [String] {
        cache(survey, runner)?.remove(label: request.label, before: before) ?? []
    }

    /// Stops the builder if no node of it ran before, also where only some of its nodes started.
    public func release(_ survey: BuilderSurvey, _ runner: ToolRunner) -> [String] {
        guard survey.wasStarted, survey.driver == "docker-container", let program = survey.program.map({ FilePath($0) })
        else { return [] }
        var inspect = launch(program, ["inspect"], runner.work)
        inspect.cleansUp = true
        let listing = BuildxListing(runner.run(inspect).output.text)
        guard listing.nodes.contains(where: { $0.status == "running" }) else { return [] }
        return runner.clean(launch(program, ["stop"], runner.work, timeout: .seconds(60))).map { [$0] } ?? []
    }

    /// The cache of the daemon, or of the builder's nodes.
    private func cache(_ survey: BuilderSurvey, _ runner: ToolRunner) -> DockerCache? {
        guard let program = survey.program.map({ FilePath($0) }) else { return nil }
        return survey.driver == "docker"
            ? DockerCache(program, runner) : DockerCache(program, runner, buildx: environment)
    }

    private var environment: [String: String] { builder.map { ["BUILDX_BUILDER": $0] } ?? [:] }

    private func launch(_ program: FilePath, _ words: [String], _ work: FilePath, timeout: Duration = .seconds(20))
        -> Launch
    {
        var launch = Docker.launch(program, ["buildx"] + words, work: work, timeout: timeout)
        launch.environment["BUILDX_BUILDER"] = builder ?? Tool.variable("BUILDX_BUILDER")
        return launch
    }
}
