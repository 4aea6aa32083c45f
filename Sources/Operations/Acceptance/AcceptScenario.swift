import Evidence
import Probes
import Sandbox
import ScenarioFormat

/// `Scenarios/accept.yaml`, which is part of the program: the one place that says what `assay accept` does.
struct AcceptScenario {
    /// The host is looked at, the interpreter's version and digest included.
    private(set) var inspectsHost = false
    /// The probe steps, in the file's order.
    private(set) var probes: [(patterns: [String], venues: [Venue])] = []
    private(set) var recipes: [BuildRecipe] = []
    private(set) var builders = Acceptance.Builders.named([])

    /// - Throws: `ScenarioErrors` where the text is no scenario, `SuiteError` where it says what accept cannot do.
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

    /// Which probes to run in each of the venues that were chosen. A step none of whose venues was chosen is made in the last that was: what the
    /// emulated processor computes does not depend on how a program was started. A venue that no step names takes them all: it was asked for by itself.
    func patterns(in venues: [Venue]) -> [Venue: [String]] {
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
