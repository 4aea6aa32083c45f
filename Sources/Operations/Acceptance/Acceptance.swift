import Builders
public import Evidence
import Findings
import Guest
public import Probes
import Sandbox
import ScenarioFormat
import SystemPackage

/// `assay accept`: performs `Scenarios/accept.yaml` in one process, with all probes side by side, and the builders beside them.
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
        let trials = BuilderTrials(
            drivers,
            recipes: { driver in
                scenario.recipes.filter { settings.selection.includes("build.\($0.rawValue)", venue: driver.name) }
            },
            isRequired: builders.areNamed, settings: settings, scratch: workspace.scratch)
        // Threads must not outlive the scratch directory.
        defer { trials.join() }
        var evidence = try ProbeSession(
            image: image, venues: venues, patterns: thorough ? [:] : patterns(scenario), settings: settings
        ).run(in: workspace, identify: scenario.inspectsHost, progress: progress, beside: trials)
        try addElsewhere(&evidence, scenario, in: workspace, progress: progress)
        evidence.builders = trials.wait(after: evidence, isBlocked: Diagnosis(evidence).stopsBuilds)
        if builders == .any && !evidence.builders.contains(where: \.wasTried) {
            for index in evidence.builders.indices { evidence.builders[index].required = true }
        }
        return evidence
    }

    /// Where the last venue cannot be made (in a chroot, or without user namespaces), what would run only there runs in
    /// the one before it. What was to be shown in every venue stays open.
    private func addElsewhere(
        _ evidence: inout CommandEvidence, _ scenario: AcceptScenario, in workspace: Workspace,
        progress: any ProgressListener
    ) throws {
        let refused = Set(evidence.probes.filter(\.isNamespaceRefused).map(\.venue))
        let made = Set(evidence.probes.filter(\.didRun).map(\.venue))
        guard !thorough, settings.repeats == 1, !refused.isEmpty,
            let other = venues.last(where: { made.contains($0) && !refused.contains($0) })
        else { return }
        let more = try ProbeSession(
            image: image, venues: [other], patterns: [other: scenario.patterns(in: [other])[other] ?? []],
            settings: settings
        ).run(in: workspace, identify: false, progress: progress)
        let essential = scenario.essential(in: venues)
        let known = Set(evidence.probes.filter { $0.venue == other }.map(\.probe))
        evidence.probes.removeAll { refused.contains($0.venue) && !(essential[$0.venue]?.contains($0.probe) ?? false) }
        evidence.probes += more.probes.filter { !known.contains($0.probe) }
        evidence.host?.native.merge(more.host?.native ?? [:]) { first, _ in first }
    }

    /// The scenario's patterns of probes in each venue. A probe that --filter names in full runs in all of them; a
    /// pattern only chooses among what would run. A repetition takes a process for each run of each probe, so without a
    /// filter only the essential ones are repeated.
    func patterns(_ scenario: AcceptScenario) -> [Venue: [String]] {
        let filters = settings.selection.filters
        if settings.repeats > 1 && filters.isEmpty { return scenario.essential(in: venues) }
        let named = filters.filter { !$0.contains("*") }.map { String($0.prefix { $0 != "@" }) }
        return scenario.patterns(in: venues).mapValues { $0 + named }
    }

    private func drivers(_ builders: Builders) throws -> [any BuilderDriver] {
        switch builders {
        case .installed, .any: BuilderCatalogue.installed(with: settings.builderOptions)
        case .named([]): []
        case .named(let names): try BuilderCatalogue.named(names, with: settings.builderOptions)
        }
    }
}
