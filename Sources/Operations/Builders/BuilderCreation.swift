import Builders
public import Evidence
import Findings
import Guest
import Host
import Probes
import SystemPackage

/// `assay builders create`: creates a builder, and proves its platforms.
public struct BuilderCreation: Sendable {
    public var name: String
    /// `docker-container`, `kubernetes` or `remote`.
    public var driver = "docker-container"
    /// Where a remote builder's daemon listens.
    public var endpoint: String?
    public var image: String?
    /// Options of the driver, `KEY=VALUE`.
    public var options: [String] = []
    /// A `buildkitd.toml` for the node.
    public var configuration: String?
    /// Words for the node's `buildkitd`.
    public var flags: String?
    public var settings: Settings

    public init(name: String, settings: Settings) {
        self.name = name
        self.settings = settings
    }

    public static let drivers = BuildxCreation.Recipe.drivers

    /// What cannot be asked for together; nil if all can.
    public var contradiction: String? { recipe.contradiction }

    private var recipe: BuildxCreation.Recipe {
        var recipe = BuildxCreation.Recipe()
        recipe.driver = driver
        recipe.endpoint = endpoint
        recipe.image = image
        recipe.options = options
        recipe.configuration = configuration
        recipe.flags = flags
        return recipe
    }

    /// Performs the recipe, then builds and runs with the new builder. A failure of the recipe is evidence.
    ///
    /// - Throws: as `BuilderComparison.judge(in:progress:)`.
    public func judge(in workspace: Workspace, progress: any ProgressListener) throws -> CommandEvidence {
        progress.began("buildx:\(name)", probes: 0)
        let creation = BuildxCreation(name: name, for: settings.guest, recipe: recipe)
        if let fault = creation.perform(in: workspace.scratch) {
            var evidence = CommandEvidence(host: HostInspection.read(for: settings.guest))
            var builder = BuilderEvidence(
                builder: "buildx:\(name)", guest: settings.guest, required: true, result: fault)
            builder.survey.driver = driver
            evidence.builders = [builder]
            return evidence
        }
        return try BuilderComparison(names: ["buildx:\(name)"], recipes: [.run], nativeOnly: false, settings: settings)
            .judge(in: workspace, progress: progress)
    }
}
