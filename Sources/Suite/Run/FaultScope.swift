import Findings
import Glibc
import Operations
import Probes
import Processes
import Sandbox
import ScenarioFormat
import SystemPackage

/// Performs a fault step: injects the fault in this process's own registry and mounts, and runs the inner steps there.
struct FaultScope {
    let fault: FaultAction
    let performer: StepPerformer

    private var task: StepTask { performer.task }

    /// The id of the only check, which is skipped, if this host cannot have the fault.
    static let absent = "not-here"

    func perform() throws -> StepResult {
        do { return try bringAbout() } catch let absent as DrillSession.NotHere {
            let check = Check(id: Self.absent, kind: .step, outcome: .skip, detail: absent.description)
            return StepResult(checks: [check], findings: [], time: nil)
        }
    }

    private func bringAbout() throws -> StepResult {
        let drill = try SuiteDrills.named(fault.drill, for: performer.settings.guest)
        let place = performer.directory.appending("fault")
        guard let steps = fault.steps else {
            // As `assay drill` does it.
            let evidence = try Workspace.temporary(performer.settings) { workspace in
                try DrillSession.inside(
                    drill, directory: place, again: false, settings: performer.settings, workspace: workspace,
                    progress: SilentProgress())
            }
            return StepResult(evidence)
        }
        try Workspace.temporary(performer.settings) { workspace in
            var first = drill
            if fault.delay != nil { first.setup.removeLast() }
            try DrillSession.bringAbout(first, in: place, workspace: workspace, guest: performer.settings.guest)
        }
        var inner = performer
        if drill.setup.contains(where: { $0.path == "@cache" }) {
            inner.settings.cacheDirectory = place.appending("cache")
        }
        if let timeout = drill.timeout {
            inner.settings.limits = ProbeLimits(probe: .seconds(timeout), venue: .seconds(timeout * 2))
        }
        try inner.confine()
        if let delay = fault.delay { return try performWhileFaultComes(steps, after: delay, place, inner) }
        return StepResult.joined(try steps.map { try inner.perform($0).prefixed($0.label) })
    }

    /// Runs the steps in processes beside one that waits and then performs the drill's last act. All are in this
    /// process's namespaces.
    private func performWhileFaultComes(
        _ steps: [ScenarioStep], after delay: Duration, _ place: FilePath, _ performer: StepPerformer
    ) throws -> StepResult {
        var fault = task
        fault.faultAfter = delay.milliseconds
        // The time limit of this process ends it.
        func launch(_ task: StepTask, _ directory: FilePath, _ environment: [String: String]) throws -> Launch {
            var launch = try task.launch(in: directory, timeout: .seconds(86_400))
            launch.environment = environment
            return launch
        }
        var launches = [try launch(fault, place, self.performer.environment)]
        for step in steps {
            var inner = task
            inner.step = step
            inner.isInsideFault = true
            inner.cache = performer.settings.cacheDirectory?.string
            inner.probeLimit = performer.settings.limits.probe.milliseconds
            launches.append(try launch(inner, performer.directory, performer.environment))
        }
        let ended = Supervisor(jobs: launches.count).run(launches)
        guard ended[0].reason == .exited(0) else {
            throw SuiteError("the fault could not be brought about: \(ended[0].errors.text.lastLine)")
        }
        return StepResult.joined(
            try zip(steps, ended.dropFirst()).map { step, ended in
                guard ended.reason == .exited(0), let result = try? StepResult(text: ended.output.text) else {
                    throw SuiteError("\(step.label): \(ended.words): \(ended.errors.text.lastLine)")
                }
                return result.prefixed(step.label)
            })
    }
}

extension String {
    /// The last line that is not empty.
    var lastLine: String { split(separator: "\n").last.map(String.init) ?? "" }
}
