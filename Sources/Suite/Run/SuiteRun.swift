import Evidence
import Files
import Findings
import Glibc
import Guest
public import Operations
import Probes
import Processes
import Sandbox
public import ScenarioFormat
public import SystemPackage

/// Carries out a plan: runs steps side by side in their own processes, and writes each result to the journal before it
/// counts.
public final class SuiteRun {
    /// How a run is carried out.
    public struct Options: Sendable {
        /// How many steps run side by side.
        public var jobs = 2
        public var failFast = false
        /// The time limit of the whole run; nil: none.
        public var timeout: Duration?
        public var journal: FilePath
        /// Whether the caller named the journal; if not, nobody else may be able to change its directory.
        public var isJournalNamed = true
        public var resume = false
        /// Words that name the selection, for the journal.
        public var selection = ""
        /// This program's version, and the variables for its children.
        public var version: String
        public var environment: [String: String] = [:]
        /// Command line options that the steps' processes get too.
        public var arguments: [String] = []
        /// The variables for fault steps, without those that lead to the host's daemons.
        public var faultEnvironment: [String: String] = [:]

        public init(journal: FilePath, version: String) {
            self.journal = journal
            self.version = version
        }
    }

    private let plan: SuitePlan
    private let files: [ScenarioFile]
    private let settings: Settings
    private let options: Options
    private let listener: any SuiteListener

    private var records: [String: StepRecord] = [:]
    private var hasFailed = false
    private var dead = DeadVenues()
    /// Steps that were not begun, or not finished, for lack of time or after a failure, and those that depend on them.
    /// They are reported but not in the journal, so that `--resume` begins them.
    private var left: Set<String> = []
    private var attempts: [Int: [StepRecord.Attempt]] = [:]
    private var pending: [Int] = []
    private var deadline: ContinuousClock.Instant?
    private let origin = ContinuousClock.now
    /// When the last attempt at each step of this run began, after this object was made.
    public private(set) var begun: [String: Duration] = [:]

    public init(
        _ plan: SuitePlan, files: [ScenarioFile], settings: Settings, options: Options, listener: any SuiteListener
    ) {
        self.plan = plan
        self.files = files
        self.settings = settings
        self.options = options
        self.listener = listener
    }

    /// - Returns: the records of the steps in the plan's order, and whether any is new: after resuming a finished run
    ///   none is. After an interrupt some are missing.
    /// - Throws: `SuiteError` for the journal, `Errno` if it cannot be written.
    public func run(in workspace: Workspace) throws -> (records: [StepRecord], hasNews: Bool) {
        let header = Journal.Header(version: options.version, files: files, options: options.selection)
        let known = Set(plan.steps.map(\.id))
        let (journal, old) = try Journal.open(
            options.journal, header: header, resume: options.resume, of: known, isNamed: options.isJournalNamed)
        for record in old where known.contains(record.id) { records[record.id] = record }
        hasFailed = records.values.contains { $0.check.outcome == .fail }
        if options.resume { listener.resumed(finished: Array(records.keys), of: plan.steps.count) }
        pending = plan.steps.indices.filter { records[plan.steps[$0].id] == nil }
        let hasNews = !pending.isEmpty
        deadline = options.timeout.map { .now + $0 }
        // Unpack it once, so that the first steps do not all do it at the same time.
        for guest in Set(pending.map { plan.steps[$0].guest }) { _ = try workspace.root(of: .core(for: guest)) }

        try Supervisor(jobs: options.jobs).run(
            next: { try self.next(running: $0, workspace, journal) },
            ended: { try self.ended($0, $1, workspace, journal) })
        if let run = RunDirectory.run { _ = ControlGroups.release(run: run) }
        return (plan.steps.compactMap { records[$0.id] }, hasNews)
    }

    /// The first step that may begin beside the running ones. Finishes steps that need no process on the way.
    private func next(running: [Int], _ workspace: Workspace, _ journal: Journal) throws -> (
        number: Int, launch: Launch
    )? {
        if Interrupt.signal != nil || running.contains(where: { plan.steps[$0].isAlone }) { return nil }
        let busy = running.reduce(into: Set<String>()) { $0.formUnion(plan.steps[$1].resources) }
        while true {
            guard
                let at = pending.firstIndex(where: { mayBegin(plan.steps[$0], running: !running.isEmpty, busy: busy) })
            else { return nil }
            let number = pending.remove(at: at)
            let step = plan.steps[number]
            if let record = notBegun(step) {
                left.insert(step.id)
                report(record)
                continue
            }
            if let record = withoutProcess(step) {
                try finish(record, journal)
                continue
            }
            begun[step.id] = origin.duration(to: .now)
            listener.began(step.id, attempt: (attempts[number]?.count ?? 0) + 1)
            return (number, try launch(step, number, workspace))
        }
    }

    /// Whether the time limit of the run has passed.
    private var isOver: Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }

    private func mayBegin(_ step: PlannedStep, running: Bool, busy: Set<String>) -> Bool {
        step.needs.allSatisfy { records[$0] != nil } && (!running || !step.isAlone)
            && step.resources.isDisjoint(with: busy)
    }

    /// A record for a step that is left for another run; nil: it may begin.
    private func notBegun(_ step: PlannedStep) -> StepRecord? {
        if step.obstacle != nil { return nil }
        if isOver { return StepRecord(step, .broken, "not begun within the time limit of the run") }
        if options.failFast, hasFailed {
            return StepRecord(step, .skip, "not run: an earlier step failed (--fail-fast)")
        }
        return step.needs.first(where: left.contains).map {
            StepRecord(step, .skip, "needs \($0), which was not begun")
        }
    }

    /// A record for a step that needs no process; nil: it needs one.
    private func withoutProcess(_ step: PlannedStep) -> StepRecord? {
        if let obstacle = step.obstacle { return StepRecord(step, .skip, obstacle) }
        if case .measure(let measure) = step.step.action { return compare(measure, step) }
        if let code = dead.cause(of: step) { return StepRecord(step, following: code) }
        for need in step.needs where records[need]?.check.outcome != .pass {
            return StepRecord(
                step, .skip, "needs \(need), which is \(records[need]?.check.outcome.rawValue ?? "missing")")
        }
        return nil
    }

    private func compare(_ measure: MeasureAction, _ step: PlannedStep) -> StepRecord {
        let needs = [measure.measured, measure.baseline].map { "\(step.caseID)/\($0)" }
        if let skipped = needs.first(where: { records[$0]?.check.outcome == .skip }) {
            if let code = records[skipped]?.check.follows { return StepRecord(step, following: code) }
            return StepRecord(step, .skip, "\(skipped) was skipped: \(records[skipped]?.check.detail ?? "")")
        }
        let sides = needs.map { id in
            MeasurementEvidence.Side(
                step: id, time: records[id]?.time.map { .milliseconds($0) },
                spread: .milliseconds(records[id]?.spread ?? 0))
        }
        let judged = MeasurementRule(
            MeasurementEvidence(measured: sides[0], baseline: sides[1], limit: measure.limit))
        return StepRecord(step, judged.outcome, judged.detail)
    }

    private func launch(_ step: PlannedStep, _ number: Int, _ workspace: Workspace) throws -> Launch {
        let directory = self.directory(number, workspace)
        try makeDirectory(directory)
        var limits = settings.limits
        // The step's process must see a hang, which is evidence, before the step itself is ended.
        limits.venue = step.timeout * 0.9
        var task = StepTask(
            id: step.id, step: step.step, interpreter: step.interpreter, platform: step.guest.platform,
            base: step.directory,
            cache: (settings.cacheDirectory ?? workspace.scratch.appending("cache")).string,
            jobs: step.isAlone ? max(2, options.jobs) : 2, limits: limits, builderLimit: settings.builderTimeout)
        task.blocked = dead.causeOfBuilds(step)
        var launch = try task.launch(
            in: directory,
            timeout: deadline.map { min(step.timeout, max(.zero, ContinuousClock.now.duration(to: $0))) }
                ?? step.timeout)
        launch.arguments += options.arguments
        launch.environment =
            step.kind == .fault && step.resources.isEmpty ? options.faultEnvironment : options.environment
        launch.environment["TMPDIR"] = directory.string
        if case .fault(let fault) = step.step.action, let drill = try? SuiteDrills.named(fault.drill, for: step.guest) {
            launch.environment.merge(drill.environment(in: directory.appending("fault"))) { $1 }
        }
        launch.environment.merge(step.step.environment) { $1 }
        return launch
    }

    private func directory(_ number: Int, _ workspace: Workspace) -> FilePath {
        workspace.scratch.appending("\(number)\(String(repeating: "r", count: attempts[number]?.count ?? 0))")
    }

    private func ended(_ number: Int, _ ended: Termination, _ workspace: Workspace, _ journal: Journal) throws {
        let step = plan.steps[number]
        if step.step.limit.memory != nil { MemoryLimit.release(label: directory(number, workspace)) }
        // An interrupted step is not finished: --resume begins it again.
        if Interrupt.signal != nil || ended.reason == .interrupted { return }
        var attempt = StepRecord.Attempt(result: nil, duration: ended.duration)
        switch ended.reason {
        case .exited(0):
            attempt.result = try? StepResult(text: ended.output.text)
            attempt.reason = "its process printed no result"
        case .timedOut where isOver: attempt.reason = "ended by the time limit of the run"
        case .exited: attempt.reason = ended.complaint
        case .timedOut, .notStarted, .signalled, .interrupted, .lost, .left, .unobserved: attempt.reason = ended.words
        }
        attempts[number, default: []].append(attempt)
        let outcome = attempt.judged(step).outcome
        if outcome == .fail || outcome == .broken, attempts[number]?.count ?? 0 <= step.retries, !isOver {
            listener.failed(step.id, attempt: attempts[number]?.count ?? 0, attempt.judged(step).details)
            pending.insert(number, at: 0)
            return
        }
        if let result = attempt.result { dead.note(result, of: step) }
        let record = StepRecord(step, attempts: attempts[number] ?? [])
        guard !(ended.reason == .timedOut && isOver) else {
            left.insert(step.id)
            return report(record)
        }
        try finish(record, journal)
    }

    private func finish(_ record: StepRecord, _ journal: Journal) throws {
        try journal.append(record)
        report(record)
    }

    private func report(_ record: StepRecord) {
        records[record.id] = record
        if record.check.outcome == .fail { hasFailed = true }
        listener.finished(record, done: records.count, of: plan.steps.count)
    }
}

/// Receives the progress of a run.
public protocol SuiteListener: AnyObject {
    /// These steps are in the journal already.
    func resumed(finished: [String], of total: Int)
    func began(_ id: String, attempt: Int)
    /// A failed attempt that is followed by another.
    func failed(_ id: String, attempt: Int, _ details: [String])
    func finished(_ record: StepRecord, done: Int, of total: Int)
}
