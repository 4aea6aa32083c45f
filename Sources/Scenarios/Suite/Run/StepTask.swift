import Findings
import FoundationEssentials
import Probes

/// What a step's own process is told to do.
///
/// A step has a process of its own so that it may move into namespaces, be limited, be timed out with all that it started, and run beside
/// others: the process is this program, as `assay run --perform TASK --inside DIRECTORY`.
public struct StepTask: Sendable, Codable {
    var id: String
    var step: ScenarioStep
    var interpreter: String?
    /// Where the scenario's relative paths begin.
    var base: String
    var cache: String?
    /// Launches side by side within the step.
    var jobs: Int
    /// Milliseconds for each probe, and for a venue.
    var probeLimit: Double
    var venueLimit: Double
    /// For each command of a builder, milliseconds.
    var builderLimit: Double
    /// The process is in the fault's namespaces already, and this is what it does there.
    var isInsideFault = false
    /// Nothing but the fault, after this many milliseconds.
    var faultAfter: Double?

    /// The step has a registry of its own, which no daemon sees.
    var isIsolated: Bool { interpreter != nil || isInsideFault || step.kind == .fault }

    /// For the command line.
    var text: String {
        get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }

    /// - Throws: `DecodingError`.
    public init(text: String) throws {
        self = try JSONDecoder().decode(StepTask.self, from: Data(text.utf8))
    }

    init(
        id: String, step: ScenarioStep, interpreter: String?, base: String, cache: String?, jobs: Int,
        limits: ProbeLimits, builderLimit: Duration
    ) {
        self.id = id
        self.step = step
        self.interpreter = interpreter
        self.base = base
        self.cache = cache
        self.jobs = jobs
        probeLimit = limits.probe.milliseconds
        venueLimit = limits.venue.milliseconds
        self.builderLimit = builderLimit.milliseconds
    }
}
