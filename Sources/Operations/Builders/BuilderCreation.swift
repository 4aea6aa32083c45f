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
    public var image: String?
    /// Options of the driver, `KEY=VALUE`.
    public var options: [String]
    public var settings: Settings

    public init(name: String, image: String?, options: [String], settings: Settings) {
        self.name = name
        self.image = image
        self.options = options
        self.settings = settings
    }

    /// Performs the recipe, then builds and runs with the new builder. A failure of the recipe is evidence.
    ///
    /// - Throws: as `BuilderComparison.judge(in:progress:)`.
    public func judge(in workspace: Workspace, progress: any ProgressListener) throws -> CommandEvidence {
        progress.began("buildx:\(name)", probes: 0)
        let creation = BuildxCreation(name: name, for: settings.guest, image: image, options: options)
        if let fault = creation.perform(in: workspace.scratch) {
            var evidence = CommandEvidence(host: HostInspection.read(for: settings.guest))
            evidence.builders = [
                BuilderEvidence(builder: "buildx:\(name)", guest: settings.guest, required: true, result: fault)
            ]
            return evidence
        }
        return try BuilderComparison(names: ["buildx:\(name)"], recipes: [.run], nativeOnly: false, settings: settings)
            .judge(in: workspace, progress: progress)
    }
}
