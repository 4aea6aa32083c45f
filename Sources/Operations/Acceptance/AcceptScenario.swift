import Evidence
import Probes
import Sandbox
import ScenarioFormat

/// `Scenarios/accept.yaml`, embedded in the program: it defines what `assay accept` does.
struct AcceptScenario {
    /// Whether to inspect the host, including the interpreter's version and digest.
    private(set) var inspectsHost = false
    /// The probe steps, in the file's order.
    private(set) var probes: [(patterns: [String], venues: [Venue])] = []
    private(set) var recipes: [BuildRecipe] = []
    private(set) var builders = Acceptance.Builders.named([])

    /// - Throws: `ScenarioErrors` if the text is not a scenario, `SuiteError` if it has a step that accept cannot
    ///   perform.
    static func shipped() throws -> AcceptScenario {
        try AcceptScenario(ScenarioFile.parse(PackageResources.accept_yaml, path: "accept.yaml").scenario)
    }

    init(_ scenario: Scenario) throws {
        for step in scenario.steps {
            switch step.action {
            case .inspect: inspectsHost = true
            case .probe(let probe): probes.append((probe.patterns, probe.venues ?? []))
            case .build(let build) where recipes.isEmpty:
                recipes = build.recipes
                let isInstalled = build.builders == [BuildAction.installed]
                builders = isInstalled ? .installed : .named(build.builders ?? [])
            case .build, .artifact, .run, .fault, .measure:
                throw SuiteError(
                    "\(scenario.name)/\(step.label): expected inspect, probe and one build step, found another")
            }
        }
    }

    /// The patterns of probes for each chosen venue. If none of a step's venues was chosen, it runs in the last chosen
    /// one: what the emulated processor computes does not depend on how a program was started. A chosen venue that no
    /// step names runs all steps.
    func patterns(in venues: [Venue]) -> [Venue: [String]] { Self.patterns(of: probes, in: venues) }

    /// The same, only for the steps that name their probes.
    func essential(in venues: [Venue]) -> [Venue: [String]] {
        Self.patterns(of: probes.filter { !$0.patterns.contains("*") }, in: venues)
    }

    private static func patterns(
        of probes: [(patterns: [String], venues: [Venue])], in venues: [Venue]
    ) -> [Venue: [String]] {
        var patterns = Dictionary(venues.map { ($0, [String]()) }) { one, _ in one }
        let unnamed = venues.filter { venue in !probes.contains { $0.venues.contains(venue) } }
        for step in probes {
            let chosen = step.venues.filter(venues.contains)
            for venue in Set((chosen.isEmpty ? venues.suffix(1) : chosen) + unnamed) {
                patterns[venue]? += step.patterns
            }
        }
        return patterns
    }
}
