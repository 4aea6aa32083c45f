public import Builders
public import Evidence
import Findings
import Guest
import Host
import Probes
import SystemPackage

/// `assay builders create`: creates a builder, and proves its platforms.
public struct BuilderCreation: Sendable {
    public typealias Recipe = BuildxCreation.Recipe

    let name: String
    let recipe: Recipe
    let settings: Settings

    public init(name: String, recipe: Recipe, settings: Settings) {
        self.name = name
        self.recipe = recipe
        self.settings = settings
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
            builder.survey.driver = recipe.driver
            evidence.builders = [builder]
            return evidence
        }
        return try BuilderComparison(names: ["buildx:\(name)"], recipes: [.run], nativeOnly: false, settings: settings)
            .judge(in: workspace, progress: progress)
    }
}
