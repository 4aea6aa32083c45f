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
    private let programs: [FilePath]

    public init(builder: String? = nil) {
        self.init(builder: builder, programs: Tool.all("docker"))
    }

    init(builder: String?, programs: [FilePath]) {
        self.builder = builder
        self.programs = programs
        name = builder.map { "buildx:\($0)" } ?? "buildx"
    }

    public var isInstalled: Bool { !programs.isEmpty && BuildxPlugin.path != nil }
    public var takesScratchForTarget: Bool { true }
    /// Most of its builders are in the daemon that `docker` uses.
    public var resource: String { "docker" }
    public var footprint: [FilePath] { DockerEndpoint.configuration }

    public func survey(_ runner: ToolRunner) -> BuilderSurvey {
        var survey = BuilderSurvey()
        if let (endpoint, reason) = silence {
            survey.driver = instance?.driver
            survey.endpoint = endpoint
            survey.obstacle = .unreachable(endpoint: endpoint, reason: reason)
            return survey
        }
        survey.version = BuildxPlugin.version(runner)
        survey.program = programs.first?.string
        if survey.version == nil { ask(&survey, runner) }
        guard let program = survey.program.map({ FilePath($0) }) else {
            survey.obstacle = .unusable(reason: "docker has no buildx plugin")
            return survey
        }
        survey.obstacle = Version.obstacle("buildx", survey.version, oldest: oldestVersion)
        guard survey.obstacle == nil else { return survey }
        // This shows the declared platforms even if the node never starts.
        let inspected = runner.run(launch(program, ["inspect"], runner.work))
        var listing = BuildxListing(inspected.output.text)
        var said = inspected.trouble
        let isRunning = !listing.nodes.isEmpty && listing.nodes.allSatisfy { $0.status == "running" }
        // What hung once would hang again.
        if listing.driver != "docker" && !isRunning && inspected.reason != .timedOut {
            survey.wasStarted = !listing.nodes.contains { $0.status == "running" }
            let asked = runner.run(launch(program, ["inspect", "--bootstrap"], runner.work, timeout: .seconds(60)))
            said = asked.trouble
            let started = BuildxListing(asked.output.text)
            if asked.reason == .exited(0) && !started.nodes.isEmpty { listing = started }
        }
        survey.driver = listing.driver
        survey.nodes = listing.nodes
        survey.endpoint = listing.endpoint
        survey.buildsInOneGo = listing.driver != "docker" || listing.hasContainerdStore
        let daemon = DockerEndpoint(address: DockerContext().address ?? "context \(DockerEndpoint.context)")
        let places = Set(listing.endpoints.map { DaemonPlace.isElsewhere($0.contains("://") ? $0 : daemon.address) })
        survey.isElsewhere = places.count == 1 ? places.first ?? nil : nil
        // The exit status is 0 even if a node has an error.
        if listing.error != nil || !listing.nodes.contains(where: { $0.status == "running" }) {
            var text = listing.error.map { $0 + "\n" + said } ?? said
            if listing.driver == nil, builder == nil {
                // docker says better than buildx why its daemon is out of reach: certificates, a context's name.
                text = runner.run(Docker.launch(program, ["version"], work: runner.work)).errors.text
            }
            survey.obstacle = Self.obstacle(text, listing, daemon)
        }
        return survey
    }

    /// Which docker knows the plugin, and its version: for plugins that do not tell it themselves.
    private func ask(_ survey: inout BuilderSurvey, _ runner: ToolRunner) {
        survey.program = nil
        for program in programs {
            // `github.com/docker/buildx v0.13.1 0de5f1c`, or without the name.
            guard let said = runner.answer(launch(program, ["version"], runner.work)) else { continue }
            survey.program = program.string
            let words = said.split { $0 == " " || $0 == "\n" }
            survey.version = words.first { !$0.contains("/") }.map { String($0.drop { $0 == "v" }) }
            break
        }
    }

    /// Its file; nil for a daemon's own builder.
    private var instance: BuildxInstance? {
        let directory = BuildxState.users
        let name = builder ?? Tool.variable("BUILDX_BUILDER") ?? BuildxInstance.current(in: directory)
        return name.flatMap { BuildxInstance(named: $0, in: directory) }
    }

    /// Why none of the builder's nodes can answer, as their files and sockets show; nil if one may.
    private var silence: (endpoint: String, reason: String)? {
        if let instance { return instance.obstacle }
        guard builder == nil, let address = DockerContext().address else { return nil }
        return LocalSocket.obstacle(at: address).map { (address, $0) }
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
            build += (request.usesCache ? [] : ["--no-cache"]) + request.argumentWords + request.labelWords
            build += ["--file", request.context.appending("Containerfile").string]
            // The daemon's own builder has no emulator embedded, and takes no layout.
            if let base = request.base, survey.driver != "docker" {
                build += ["--build-context", "\(BaseImage.name)=oci-layout://\(base.layout)@\(base.digest)"]
                build += ["--build-arg", "\(BaseImage.argument)=\(BaseImage.name)"]
            }
            guard !survey.buildsInOneGo else {
                build += ["--output", "type=oci,dest=\(output)", request.context.string]
                return BuildJob(
                    platforms: platforms,
                    steps: [launch(program, build, request.work, timeout: request.timeout)], output: output)
            }
            let tag = request.name(platforms[0])
            build += ["--load", "--tag", tag, request.context.string]
            let save = Docker.launch(
                program, ["save", "--output", output.string, tag], work: request.work, timeout: request.timeout)
            return BuildJob(
                platforms: platforms,
                steps: [launch(program, build, request.work, timeout: request.timeout), save], output: output
            )
        }
    }

    public func inventory(_ survey: BuilderSurvey, _ runner: ToolRunner) -> Set<String>? {
        node(survey, runner)?.records ?? cache(survey, runner)?.records
    }

    public func cleanUp(
        _ request: BuildRequest, _ survey: BuilderSurvey, before: Set<String>?, _ runner: ToolRunner
    ) -> LeftBehind {
        if let node = node(survey, runner), let before,
            let left = try? node.remove(before: before, wasCancelled: request.wasCancelled)
        {
            return left
        }
        return cache(survey, runner)?
            .remove(label: request.label, before: before, wasCancelled: request.wasCancelled) ?? LeftBehind()
    }

    public func eraseHistory(_ request: BuildRequest, _ survey: BuilderSurvey, _ runner: ToolRunner) -> HistoryErasure {
        guard let program = survey.program.map({ FilePath($0) }) else { return .erased }
        let history = BuildxHistory(work: runner.work)
        if let node = node(survey, runner) {
            let references = history.references
            let erasure = references.isEmpty ? node.eraseHistory(of: request.label) : node.erase(references)
            if case .erased = erasure { return erasure }
        }
        return history.erase(survey.version, runner) { launch(program, $0, runner.work) }
    }

    public func removeLeftovers(_ runner: ToolRunner) -> LeftoverSearch {
        .notMade(
            reason: "what its nodes keep names no run: docker buildx prune removes cache records that nobody uses, "
                + "docker buildx history rm those of builds")
    }

    /// Stops the builder if no node of it ran before, also where only some of its nodes started, or where it can no
    /// longer be listed.
    public func release(_ survey: BuilderSurvey, _ runner: ToolRunner) -> [String] {
        // Drivers without containers of their own have nothing to stop.
        guard survey.wasStarted, survey.driver == nil || survey.driver == "docker-container",
            let program = survey.program.map({ FilePath($0) })
        else { return [] }
        var inspect = launch(program, ["inspect"], runner.work)
        inspect.cleansUp = true
        let listing = BuildxListing(runner.run(inspect).output.text)
        guard listing.nodes.isEmpty || listing.nodes.contains(where: { $0.status == "running" }) else { return [] }
        let failure = runner.clean(launch(program, ["stop"], runner.work, timeout: .seconds(60)))
        // A builder that nobody could list may not exist.
        return survey.driver == nil && listing.nodes.isEmpty ? [] : failure.map { [$0] } ?? []
    }

    /// The only node, through a `buildctl`: it answers in a tenth of the time that buildx takes. A `docker-container` node has one; for a
    /// `remote` one it is this host's, if there is any.
    private func node(_ survey: BuilderSurvey, _ runner: ToolRunner) -> BuildkitStore? {
        guard survey.nodes.count == 1, let name = survey.nodes.first?.name else { return nil }
        if survey.driver == "remote" {
            guard let buildctl = Tool.find("buildctl"), let node = instance?.nodes.first else { return nil }
            let flags = ["cacert": "tlscacert", "cert": "tlscert", "key": "tlskey", "servername": "tlsservername"]
            let options = (node.options ?? [:]).sorted { $0.key < $1.key }
            let words = options.compactMap { key, value in flags[key].map { "--\($0)=\(value)" } }
            return BuildkitStore(runner: runner) {
                Tool.launch(buildctl, ["--addr", node.endpoint] + words + $0, timeout: .seconds(20))
            }
        }
        guard survey.driver == "docker-container", let program = survey.program.map({ FilePath($0) }) else {
            return nil
        }
        let place = survey.endpoint.map { $0.contains("://") ? ["--host", $0] : ["--context", $0] } ?? []
        let words = place + ["exec", "buildx_buildkit_\(name)", "buildctl"]
        return BuildkitStore(runner: runner) {
            Docker.launch(program, words + $0, work: runner.work, timeout: .seconds(60))
        }
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
