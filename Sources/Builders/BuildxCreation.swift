public import Evidence
public import Guest
import Processes
import Sandbox
public import SystemPackage

/// The usual recipe: create a `docker-container` builder that declares two platforms, and start it.
public struct BuildxCreation: Sendable {
    let name: String
    let guest: Guest
    let image: String?
    let options: [String]

    /// - Parameters:
    ///   - image: for the node, instead of `moby/buildkit:buildx-stable-1`.
    ///   - options: of the driver, `KEY=VALUE`: <https://docs.docker.com/build/builders/drivers/docker-container/>.
    public init(name: String, for guest: Guest, image: String?, options: [String] = []) {
        self.name = name
        self.guest = guest
        self.image = image
        self.options = options
    }

    /// Creates and starts the builder. Removes it if it does not start.
    ///
    /// - Returns: what went wrong; nil when it runs.
    public func perform(in work: FilePath) -> BuilderEvidence.Result? {
        let runner = ToolRunner(supervisor: Supervisor(jobs: 1), work: work)
        let programs = Tool.all("docker").filter {
            runner.answer(Docker.launch($0, ["buildx", "version"], work: nil)) != nil
        }
        guard let program = programs.first else { return .missing }
        var create = ["buildx", "create", "--name", name, "--driver", "docker-container"]
        create += ["--platform", guest.buildPlatforms.joined(separator: ",")]
        create += ((image.map { ["image=\($0)"] } ?? []) + options).flatMap { ["--driver-opt", $0] }
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
        if BuilderObstacle.isPullFailure(said) {
            return .unusable(.imageUnavailable(reason: said + (left.map { "; \($0)" } ?? "")))
        }
        return failure(["buildx", "inspect", "--bootstrap", name], started)
    }

    private func failure(_ words: [String], _ ended: Termination) -> BuilderEvidence.Result {
        if ended.reason == .interrupted { return .lost(reason: "interrupted") }
        let lines = (ended.output.text + ended.errors.text).split(separator: "\n").suffix(20).map(String.init)
        return .failed(command: "docker \(words.joined(separator: " "))", status: ended.words, message: lines)
    }
}
