import Builders
public import Evidence
import Findings
import Guest
public import Probes
import Sandbox
import ScenarioFormat
import SystemPackage

/// `assay accept`: performs `Scenarios/accept.yaml` in one process, with all probes side by side.
public struct Acceptance: Sendable {
    /// Which builders to try.
    public enum Builders: Sendable, Equatable {
        /// The installed builders; if there is none, the check is skipped.
        case installed
        /// As `installed`, but if none can be tried, the result is undetermined.
        case any
        case named([String])

        fileprivate var areNamed: Bool {
            if case .named = self { true } else { false }
        }
    }

    public var image: Image
    public var venues: [Venue]
    /// Nil: the builders that the scenario names.
    public var builders: Builders?
    /// Whether to run every probe in every venue, not only in those of the scenario.
    public var thorough: Bool
    public var settings: Settings

    public init(
        image: Image, venues: [Venue] = Venue.own, builders: Builders? = nil, thorough: Bool = false,
        settings: Settings
    ) {
        self.thorough = thorough
        self.image = image
        self.venues = venues
        self.builders = builders
        self.settings = settings
    }

    /// - Throws: `ArchiveError` for the image, `UnknownName` for a builder.
    public func judge(in workspace: Workspace, progress: any ProgressListener) throws -> CommandEvidence {
        let scenario = try AcceptScenario.shipped()
        let builders = builders ?? scenario.builders
        let drivers = try drivers(builders)
        // Probes that --filter names run in all chosen venues.
        let everywhere = thorough || !settings.selection.filters.isEmpty
        var evidence = try ProbeSession(
            image: image, venues: venues, patterns: everywhere ? [:] : scenario.patterns(in: venues),
            settings: settings
        ).run(in: workspace, identify: scenario.inspectsHost, progress: progress)
        for driver in drivers {
            let recipes = scenario.recipes.filter {
                settings.selection.includes("build.\($0.rawValue)", venue: driver.name)
            }
            if recipes.isEmpty { continue }
            if settings.failFast && Diagnosis(evidence).verdict == .unfit { break }
            progress.began(driver.name, probes: 0)
            evidence.builders += BuilderTrial(
                driver: driver, for: settings.guest, required: builders.areNamed, recipes: recipes,
                timeout: settings.builderTimeout
            ).runUnderLimits(in: workspace.scratch.appending(driver.name))
        }
        if builders == .any && !evidence.builders.contains(where: \.wasTried) {
            for index in evidence.builders.indices { evidence.builders[index].required = true }
        }
        return evidence
    }

    private func drivers(_ builders: Builders) throws -> [any BuilderDriver] {
        switch builders {
        case .installed, .any: BuilderCatalogue.installed()
        case .named(let names): try names.map(BuilderCatalogue.known)
        }
    }
}
