import Builders
import Evidence
import Findings
public import Guest
import Operations
import Sandbox
public import ScenarioFormat

/// The steps of a run, decided before anything is started.
public struct SuitePlan: Sendable {
    public struct Options: Sendable {
        public var selection = Selection()
        /// Selects scenarios with one of these tags; empty: all.
        public var tags: [String] = []
        /// The retries of steps whose scenario gives none.
        public var retries = 0
        public var timeoutMultiplier = 1.0
        public var partition = Partition.whole
        /// Ids of checks of an earlier run to make again; nil: not asked for.
        public var only: Set<String>?

        /// The guest whose images the steps need.
        public var guest: Guest

        public init(guest: Guest) { self.guest = guest }
    }

    /// First the steps that run side by side, then those that run alone. A step comes after the steps it needs.
    public let steps: [PlannedStep]
    /// Whether anything was selected before partitioning.
    public let wasSelected: Bool

    /// - Throws: `CallFailure` if a scenario's requirement could not be checked.
    public init(_ files: [ScenarioFile], options: Options) throws {
        var cases: [(id: String, steps: [PlannedStep])] = []
        let only = options.only.map { $0.sorted() }
        for file in files where options.tags.isEmpty || file.tags.contains(where: options.tags.contains) {
            for cell in MatrixCell.all(file.scenario.matrix) {
                let planned = try Self.plan(file, cell, options)
                let kept = Self.select(planned, options, only: only)
                if let first = kept.first { cases.append((first.caseID, kept)) }
            }
        }
        wasSelected = !cases.isEmpty
        let mine = cases.enumerated().filter { options.partition.includes(index: $0.offset, id: $0.element.id) }
        let all = mine.flatMap(\.element.steps)
        steps = all.filter { !$0.isAlone } + all.filter(\.isAlone)
    }

    /// The selected steps, and those that they need.
    private static func select(_ steps: [PlannedStep], _ options: Options, only: [String]?) -> [PlannedStep] {
        var wanted: Set<String> = []
        for step in steps.reversed() where wanted.contains(step.id) || isChosen(step, options, only: only) {
            wanted.formUnion([step.id] + step.needs)
        }
        // A step may need later ones, which the loop above missed.
        let needs = Dictionary(steps.map { ($0.id, $0.needs) }) { first, _ in first }
        var pending = Array(wanted)
        while let id = pending.popLast() {
            for name in needs[id] ?? [] where wanted.insert(name).inserted { pending.append(name) }
        }
        return steps.filter { wanted.contains($0.id) }
    }

    /// - Parameter only: sorted ids of checks to make again, so that those within a step are adjacent.
    private static func isChosen(_ step: PlannedStep, _ options: Options, only: [String]?) -> Bool {
        if let only, !holds(only, step.id), !holds(only, within: step.id + "/") { return false }
        let names = [step.scenario, step.caseID, step.id]
        let venues = step.venues.isEmpty ? [""] : step.venues
        func matches(_ patterns: [String]) -> Bool {
            var selection = Selection()
            selection.filters = patterns
            return names.contains { name in venues.contains { selection.includes(name, venue: $0) } }
        }
        let selection = options.selection
        return (selection.filters.isEmpty || matches(selection.filters))
            && (selection.exclusions.isEmpty || !matches(selection.exclusions))
    }

    private static func holds(_ sorted: [String], _ id: String) -> Bool { first(of: sorted, from: id) == id }

    private static func holds(_ sorted: [String], within prefix: String) -> Bool {
        first(of: sorted, from: prefix)?.hasPrefix(prefix) == true
    }

    /// The first one not before `id`; nil if there is none.
    private static func first(of sorted: [String], from id: String) -> String? {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count ? sorted[low] : nil
    }

    private static func plan(
        _ file: ScenarioFile, _ cell: MatrixCell, _ options: Options
    ) throws -> [PlannedStep] {
        let scenario = file.scenario
        let caseID = scenario.name + cell.suffix
        let measured = scenario.steps.reduce(into: Set<String>()) { labels, step in
            if case .measure(let measure) = step.action { labels.formUnion([measure.measured, measure.baseline]) }
        }
        let ofCell = cell.platform.flatMap(Guest.init(platform:)) ?? options.guest
        let lacking = try HostFacts(guest: ofCell).obstacle(scenario.requirements, in: file.directory)
        let named = Dictionary(scenario.steps.map { ($0.label, $0.each.map(\.label)) }) { first, _ in first }
        return scenario.steps.flatMap(\.each).map { step in
            let resolved = cell.fill(step).resolvingImages(in: file.directory)
            let isIsolated = cell.interpreter != nil
            let guest = resolved.platform.flatMap(Guest.init(platform:)) ?? options.guest
            let limit = step.timeout ?? scenario.timeout ?? step.kind.usualLimit
            return PlannedStep(
                id: "\(caseID)/\(step.label)", caseID: caseID, scenario: scenario.name,
                directory: file.directory, interpreter: cell.interpreter, guest: guest, step: resolved,
                needs: step.prerequisites.flatMap { named[$0] ?? [] }.map { "\(caseID)/\($0)" },
                // The comparison takes no time, but its two sides run alone, so it does too.
                isAlone: step.isAlone || step.kind == .measure || measured.contains(step.label),
                resources: Set(resolved.allDrivers(isolated: isIsolated).map(\.resource)),
                timeout: limit * options.timeoutMultiplier,
                retries: step.retries ?? scenario.retries ?? options.retries,
                obstacle: lacking ?? resolved.drillObstacle(for: guest) ?? resolved.daemonObstacle(isolated: isIsolated)
                    ?? resolved.images.lazy.compactMap { SuiteImages.obstacle($0, for: guest) }.first)
        }
    }
}

extension ScenarioStep {
    /// The venues in which it runs programs.
    var venues: [Venue] {
        switch action {
        case .probe(let probe): probe.venues ?? []
        case .run(let run): run.venues ?? []
        case .inspect, .build, .artifact, .fault, .measure: []
        }
    }

    /// The images that it needs, also for the steps inside a fault.
    fileprivate var images: [String] {
        switch action {
        case .probe(let probe): [probe.image].compactMap(\.self)
        case .run(let run): run.isNative ? [] : [run.image].compactMap(\.self)
        case .fault(let fault): (fault.steps ?? []).flatMap(\.images)
        case .inspect, .build, .artifact, .measure: []
        }
    }

    /// The step with paths of images resolved.
    fileprivate func resolvingImages(in directory: String) -> ScenarioStep {
        var step = self
        switch action {
        case .probe(var probe):
            probe.image = probe.image.map { SuiteImages.resolved($0, in: directory) }
            step.action = .probe(probe)
        case .run(var run):
            run.image = run.image.map { SuiteImages.resolved($0, in: directory) }
            step.action = .run(run)
        case .fault(var fault):
            fault.steps = fault.steps?.map { $0.resolvingImages(in: directory) }
            step.action = .fault(fault)
        case .inspect, .build, .artifact, .measure: break
        }
        return step
    }

    /// The drivers of all builders that it uses, also inside a fault.
    func allDrivers(isolated: Bool) -> [any BuilderDriver] {
        switch action {
        case .build(let build): build.drivers(isolated: isolated)
        case .fault(let fault): (fault.steps ?? []).flatMap { $0.allDrivers(isolated: true) }
        case .inspect, .probe, .artifact, .run, .measure: []
        }
    }

    /// Why its drill is none for a guest; nil if it is, or the step has none.
    fileprivate func drillObstacle(for guest: Guest) -> String? {
        guard case .fault(let fault) = action, (try? SuiteDrills.named(fault.drill, for: guest)) == nil else {
            return nil
        }
        return "the drill \(fault.drill) is not about \(guest.platform)"
    }

    /// Why its builders cannot see the step's private registry; nil if they can, or it has none.
    func daemonObstacle(isolated: Bool) -> String? {
        let isolated = isolated || kind == .fault
        let daemons = Set(allDrivers(isolated: isolated).filter { !$0.seesPrivateRegistry }.map(\.name)).sorted()
        guard isolated, !daemons.isEmpty else { return nil }
        return "\(daemons.joined(separator: " and ")) builds in a daemon, which does not see a private registry"
    }
}

extension BuildAction {
    /// The drivers of the builders. `installed` stands for all installed ones, or for the first if there are none.
    ///
    /// - Parameter isolated: the step has a private registry, which only builders that build in their own process see.
    func drivers(isolated: Bool) -> [any BuilderDriver] {
        (builders ?? [Self.installed]).flatMap { word in
            word == Self.installed
                ? BuilderCatalogue.installed { !isolated || $0.seesPrivateRegistry }
                : [BuilderCatalogue.driver(word)].compactMap(\.self)
        }
    }
}
