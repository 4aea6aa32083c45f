public import Evidence
import Glibc
public import Guest
import Processes
import Sandbox
public import SystemPackage

/// Creates one of buildx's builders for two platforms, and starts it.
public struct BuildxCreation: Sendable {
    /// What buildx is to make: <https://docs.docker.com/build/builders/drivers/>.
    public struct Recipe: Sendable {
        /// `docker-container`, `kubernetes` or `remote`.
        public var driver = Self.drivers[0]
        /// Where a `remote` builder's daemon listens; a context or cluster of the others, nil for the current one.
        public var endpoint: String?
        /// For the node, instead of buildx's own choice.
        public var image: String?
        /// Options of the driver, `KEY=VALUE`.
        public var options: [String] = []
        /// A `buildkitd.toml` for the node: mirrors, registries.
        public var configuration: String?
        /// Words for the node's `buildkitd`.
        public var flags: String?

        public init() {}

        public static let drivers = ["docker-container", "kubernetes", "remote"]

        /// What cannot be asked for; nil if all can.
        public func contradiction(in name: String) -> String? {
            // <https://github.com/docker/buildx/blob/master/store/util.go>
            let isName =
                name.first?.isLetter == true
                && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
            if !isName {
                return
                    "\"\(name)\" cannot be a builder's name: it has to begin with a letter, and to have only letters, digits, \".\", \"_\" and \"-\""
            }
            if let configuration, access(configuration, R_OK) != 0 {
                return "there is no readable file \(configuration)"
            }
            guard Self.drivers.contains(driver) else {
                return "there is no driver \"\(driver)\" to create: \(Self.drivers.joined(separator: ", "))"
            }
            guard driver == "remote" else { return nil }
            if endpoint == nil { return "a remote builder needs --endpoint, such as tcp://HOST:1234 or unix:///PATH" }
            if image != nil || configuration != nil || flags != nil {
                return "a remote builder's daemon runs already: image, configuration and flags are its own"
            }
            return nil
        }

        /// The words of `docker buildx create`.
        func words(_ name: String, platforms: [String]) -> [String] {
            var words = ["buildx", "create", "--name", name, "--driver", driver]
            words += ["--platform", platforms.joined(separator: ",")]
            words += ((image.map { ["image=\($0)"] } ?? []) + options).flatMap { ["--driver-opt", $0] }
            // The option's older name; newer versions know both.
            words += configuration.map { ["--config", $0] } ?? []
            words += flags.map { ["--buildkitd-flags", $0] } ?? []
            return words + (endpoint.map { [$0] } ?? [])
        }
    }

    let name: String
    let guest: Guest
    let recipe: Recipe
    private let programs: [FilePath]

    public init(name: String, for guest: Guest, recipe: Recipe) {
        self.init(name: name, for: guest, recipe: recipe, programs: Tool.all("docker"))
    }

    init(name: String, for guest: Guest, recipe: Recipe, programs: [FilePath]) {
        self.name = name
        self.guest = guest
        self.recipe = recipe
        self.programs = programs
    }

    /// Creates and starts the builder. Removes it if it does not start.
    ///
    /// - Returns: what went wrong; nil when it runs.
    public func perform(in work: FilePath) -> BuilderEvidence.Result? {
        let runner = ToolRunner(supervisor: Supervisor(jobs: 1), work: work)
        let usable = programs.first {
            runner.answer(Docker.launch($0, ["buildx", "version"], work: nil)) != nil
        }
        guard let program = usable else { return .missing }
        // buildx would wait for twenty seconds.
        if recipe.driver == "remote", let endpoint = recipe.endpoint, let reason = LocalSocket.obstacle(at: endpoint) {
            return .unusable(.unreachable(endpoint: endpoint, reason: reason))
        }
        let create = recipe.words(name, platforms: guest.buildPlatforms)
        let made = runner.run(Docker.launch(program, create, work: nil))
        guard made.reason == .exited(0) else { return failure(create, made) }
        var start = Docker.launch(
            program, ["buildx", "inspect", "--bootstrap", name], work: nil, timeout: .seconds(180))
        start.environment["BUILDX_BUILDER"] = nil
        let started = runner.run(start)
        let listing = BuildxListing(started.output.text)
        if started.reason == .exited(0), listing.error == nil, !listing.nodes.isEmpty { return nil }
        let left = runner.clean(
            Docker.launch(program, ["buildx", "rm", "--force", name], work: nil, timeout: .seconds(60)))
        let said =
            listing.error ?? started.errors.text.split(separator: "\n").last.map(String.init) ?? "it did not start"
        let reason = said + (left.map { "; \($0)" } ?? "")
        if BuilderObstacle.isPullFailure(said) { return .unusable(.imageUnavailable(reason: reason)) }
        // A container that does not start is a failure of what was asked for; a daemon elsewhere may only be out of reach.
        if recipe.driver != "docker-container", started.reason != .interrupted {
            let endpoint = listing.endpoint ?? recipe.endpoint ?? "kubernetes"
            let why = DockerEndpoint(address: endpoint).explain(reason)
            return .unusable(.unreachable(endpoint: endpoint, reason: why))
        }
        return failure(["buildx", "inspect", "--bootstrap", name], started)
    }

    private func failure(_ words: [String], _ ended: Termination) -> BuilderEvidence.Result {
        if ended.reason == .interrupted { return .lost(reason: "interrupted") }
        let lines = (ended.output.text + ended.errors.text).split(separator: "\n").suffix(20).map(String.init)
        return .failed(command: "docker \(words.joined(separator: " "))", status: ended.words, message: lines)
    }
}
