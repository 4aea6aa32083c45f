import Evidence
import Probes
import Processes
import Sandbox

/// Finds out whether probes fail because of the caller's variables that reach the emulator: runs them without, and once
/// more with them.
struct WithoutVariables {
    let settings: Settings
    /// The runs that gave the evidence.
    let runs: [ProbeRun]

    /// Nil if there are no such variables, or if they make no difference.
    func run(after evidence: [ProbeEvidence]) -> VariableTrial? {
        let variables = settings.environment
        let asked = Self.inQuestion(evidence)
        guard !variables.isEmpty, !asked.isEmpty, Interrupt.signal == nil else { return nil }
        let passing = results(of: asked, [:]).filter(\.result.isPass)
        // One that fails at times may pass by chance: run it with the variables once more.
        let cured = results(of: passing, variables).filter { !$0.result.isSound }
        guard let first = cured.first else { return nil }
        let sole = variables.keys.sorted().first { name in
            variables.count > 1 && results(of: [first], variables.filter { $0.key != name }).allSatisfy(\.result.isPass)
        }
        return VariableTrial(
            names: sole.map { [$0] } ?? variables.keys.sorted(), cured: Set(cured.map(\.reference)))
    }

    /// Where no program runs at all, the smallest one of each venue speaks for the others.
    private static func inQuestion(_ evidence: [ProbeEvidence]) -> [ProbeEvidence] {
        let hasRun = evidence.contains(where: \.didRun)
        var seen: Set<String> = []
        return evidence.filter { probe in
            probe.mayBeByVariable && (hasRun || probe.isSmallest) && seen.insert(probe.reference).inserted
        }
    }

    /// Runs the probes again, those of a venue in one process tree.
    private func results(of probes: [ProbeEvidence], _ environment: [String: String]) -> [ProbeEvidence] {
        let names = Dictionary(grouping: probes, by: \.venue).mapValues { $0.map(\.probe) }
        return Venue.allCases.flatMap { venue -> [ProbeEvidence] in
            guard let names = names[venue], var run = runs.first(where: { $0.venue == venue }) else { return [] }
            run.probes = names
            run.environment = environment
            return run.evidence(of: Supervisor(jobs: 1).run(run.launch))
        }
    }
}
