import Evidence
import Files
import Findings
import FoundationEssentials
import Probes
import Processes
import Sandbox
import ScenarioFormat
public import SystemPackage

/// What a step's own process is told to do.
///
/// A step has a process of its own so that it may move into namespaces, be limited, be timed out with all that it started, and run beside
/// others: the process is this program, as `assay run --perform TASK --inside DIRECTORY`, TASK being a file: what a step has to say may be longer than an
/// argument may be.
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

    /// The process for it, to which its variables are still to be given.
    ///
    /// - Parameter directory: the step's own, in which the task is written to a file.
    /// - Throws: `Errno`.
    func launch(in directory: FilePath, timeout: Duration) throws -> Launch {
        let path = directory.appending(faultAfter == nil ? "\(step.label).task" : "fault.task")
        try WholeFile.write(JSONEncoder().encode(self), to: path, .any)
        var launch = Launch(
            path: "/proc/self/exe",
            arguments: ["assay", "run", "--perform", path.string, "--inside", directory.string], venue: .direct,
            timeout: timeout)
        launch.terminationGrace = .seconds(10)
        launch.outputLimit = 32 << 20
        return launch
    }

    /// - Throws: `Errno`, `DecodingError`.
    public init(file path: FilePath) throws {
        self = try JSONDecoder().decode(StepTask.self, from: Data(WholeFile.read(path.string, limit: 16 << 20)))
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
