import Builders
public import Evidence
import Findings
import Guest
import Host
public import Probes
import Processes
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
        let drivers = try names.isEmpty ? BuilderCatalogue.all : names.map(BuilderCatalogue.known)
        let host = nativeOnly ? nil : HostInspection.read(for: settings.guest)
        // The host is added at the end: its findings are not a builder's failure (--fail-fast).
        var evidence = CommandEvidence()
        for driver in drivers where Interrupt.signal == nil {
            let recipes = recipes.filter { settings.selection.includes("build.\($0.rawValue)", venue: driver.name) }
            if recipes.isEmpty { continue }
            if settings.failFast && Diagnosis(evidence).verdict == .unfit { break }
            progress.began(driver.name, probes: 0)
            evidence.builders += BuilderTrial(
                driver: driver, for: settings.guest, required: !names.isEmpty, recipes: recipes,
                platforms: nativeOnly ? [Guest.native.platform] : nil, timeout: settings.builderTimeout
            ).runUnderLimits(in: workspace.scratch.appending(String(driver.name.map { $0 == "/" ? "-" : $0 })))
        }
        evidence.host = host
        // If no builder could be tried, the result is undetermined.
        if !evidence.builders.contains(where: \.wasTried) {
            for index in evidence.builders.indices { evidence.builders[index].required = true }
        }
        return evidence
    }
}

extension BuilderCatalogue {
    /// - Throws: `UnknownName` if no builder has this name.
    static func known(_ word: String) throws -> any BuilderDriver {
        guard let driver = driver(word) else {
            throw UnknownName(kind: "builder", name: word, known: all.map(\.name))
        }
        return driver
    }
}
