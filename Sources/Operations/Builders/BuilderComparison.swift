import Builders
public import Evidence
import Findings
import Guest
import Host
public import Probes
import ScenarioFormat
import SystemPackage

/// `assay builders`: compares the platforms that each builder lists with those that it can really build.
public struct BuilderComparison: Sendable {
    /// Words of `--builder`; empty: all known builders, of which any may be missing.
    public var names: [String]
    public var recipes: [BuildRecipe]
    /// Whether to build only for the host's own architecture.
    public var nativeOnly: Bool
    public var settings: Settings

    public init(names: [String], recipes: [BuildRecipe], nativeOnly: Bool, settings: Settings) {
        self.names = names
        self.recipes = recipes
        self.nativeOnly = nativeOnly
        self.settings = settings
    }

    /// - Throws: `UnknownName` for a builder.
    public func judge(in workspace: Workspace, progress: any ProgressListener) throws -> CommandEvidence {
        let drivers = try BuilderCatalogue.named(names, with: settings.builderOptions)
        let trials = BuilderTrials(
            drivers,
            recipes: { driver in
                recipes.filter { settings.selection.includes("build.\($0.rawValue)", venue: driver.name) }
            },
            isRequired: !names.isEmpty, platforms: nativeOnly ? [Guest.native.platform] : nil, settings: settings,
            scratch: workspace.scratch)
        // What a found cause explains is not tried, but for a builder that the caller names.
        var blocked: CommandEvidence?
        if names.isEmpty, !nativeOnly, drivers.contains(where: { $0.isInstalled && BuilderTrial.isOfThisHost($0) }) {
            var alone = settings
            alone.selection = Selection()
            let look = try HostLook(settings: alone).run(in: workspace, progress: progress)
            if Diagnosis(look).stopsBuilds { blocked = look }
        }
        var host = blocked?.host
        if blocked == nil, !nativeOnly {
            var read = HostInspection.read(for: settings.guest)
            HostInspection.note(program: settings.program, in: &read)
            host = read
        }
        for name in trials.names { progress.began(name, probes: 0) }
        // The host is added at the end: its findings are not a builder's failure (--fail-fast).
        var evidence = CommandEvidence()
        evidence.builders = trials.wait(isBlocked: blocked != nil)
        evidence.host = host
        evidence.probes = blocked?.probes ?? []
        // If no builder could be tried, the result is undetermined.
        if blocked == nil, !evidence.builders.contains(where: \.wasTried) {
            for index in evidence.builders.indices { evidence.builders[index].required = true }
        }
        return evidence
    }
}

extension BuilderCatalogue {
    /// The builders of these names; all without any.
    ///
    /// - Throws: `UnknownName` if no builder has a name.
    static func named(_ names: [String], with options: BuilderOptions) throws -> [any BuilderDriver] {
        if names.isEmpty { return all(with: options) }
        return try names.map { name in
            guard let driver = driver(name, with: options) else {
                throw UnknownName(kind: "builder", name: name, known: all.map(\.name))
            }
            return driver
        }
    }
}
