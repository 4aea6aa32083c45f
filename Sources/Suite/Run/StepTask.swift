import Evidence
import Files
import Findings
import FoundationEssentials
import Probes
import Processes
import Sandbox
import ScenarioFormat
public import SystemPackage

/// The task of a step's own process.
///
/// A step has its own process so that it can enter namespaces, be limited, be timed out with all that it started, and
/// run beside others. The process is this program, as `assay run --perform TASK --inside DIRECTORY`. TASK is a file,
/// since a task may be longer than an argument may be.
public struct StepTask: Sendable, Codable {
    var id: String
    var step: ScenarioStep
    var interpreter: String?
    /// Whose programs are meant.
    var platform: String
    /// The base of the scenario's relative paths.
    var base: String
    var cache: String?
    /// How many launches run side by side within the step.
    var jobs: Int
    /// The time limits of each probe and of a venue, in milliseconds.
    var probeLimit: Double
    var venueLimit: Double
    /// The time limit of each builder command, in milliseconds.
    var builderLimit: Double
    /// Whether the process runs an inner step, in the fault's namespaces already.
    var isInsideFault = false
    /// The finding from which follow the trials of builders that run steps on this host; nil: they are tried.
    var blocked: FindingCode?
    /// Only bring about the fault, after this many milliseconds.
    var faultAfter: Double?

    /// Whether the step has its own registry, which no daemon sees.
    var isIsolated: Bool { interpreter != nil || isInsideFault || step.kind == .fault }

    /// The launch of its process, without its variables yet.
    ///
    /// - Parameter directory: the step's own; the task is written to a file in it.
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
        id: String, step: ScenarioStep, interpreter: String?, platform: String, base: String, cache: String?, jobs: Int,
        limits: ProbeLimits, builderLimit: Duration
    ) {
        self.id = id
        self.step = step
        self.interpreter = interpreter
        self.platform = platform
        self.base = base
        self.cache = cache
        self.jobs = jobs
        probeLimit = limits.probe.milliseconds
        venueLimit = limits.venue.milliseconds
        self.builderLimit = builderLimit.milliseconds
    }
}
