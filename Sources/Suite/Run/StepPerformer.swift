import Binfmt
import Builders
import Evidence
import Files
import Findings
import Glibc
import Guest
import Host
public import Operations
import Probes
import Processes
import Sandbox
import ScenarioFormat
public import SystemPackage

/// Carries out one step, in a process of its own.
public struct StepPerformer {
    let task: StepTask
    /// Private to the step; removed by the process that started this one.
    let directory: FilePath
    var settings: Settings
    /// The environment of the processes that it starts.
    private(set) var environment: [String: String]

    public init(
        _ task: StepTask, directory: FilePath, settings: Settings, environment: [String: String]
    ) {
        self.environment = environment
        self.task = task
        self.directory = directory
        self.settings = settings
        self.settings.guest = Guest(platform: task.platform) ?? settings.guest
        self.settings.jobs = task.jobs
        self.settings.cacheDirectory = task.cache.map { FilePath($0) }
        self.settings.limits = ProbeLimits(
            probe: .milliseconds(task.probeLimit), venue: .milliseconds(task.venueLimit))
    }

    /// - Throws: what kept the step from being carried out. Then it has no result.
    public func perform() throws -> StepResult {
        if case .fault(let fault) = task.step.action {
            if let delay = task.faultAfter { return try bringAbout(fault, after: .milliseconds(delay)) }
            return try FaultScope(fault: fault, performer: self).perform()
        }
        var performer = self
        if !task.isInsideFault {
            try performer.enterNamespaces()
            try performer.confine()
        }
        return try performer.perform(task.step)
    }

    /// Performs one step in the process's current namespaces.
    func perform(_ step: ScenarioStep) throws -> StepResult {
        var performer = self
        performer.settings.variablesOfStep = Set(step.environment.keys)
        return try performer.act(step)
    }

    private func act(_ step: ScenarioStep) throws -> StepResult {
        try Workspace.temporary(settings) { workspace in
            switch step.action {
            case .inspect:
                let session = ProbeSession(
                    image: .core(for: settings.guest), venues: [.direct], probes: ["exec.static"], settings: settings)
                return StepResult(try session.run(in: workspace, identify: true, progress: SilentProgress()))
            case .probe(let action): return try probe(action, workspace)
            case .build(let action): return try build(action)
            case .artifact(let action):
                let place = FilePath(task.base).pushing(FilePath(action.path))
                return StepResult(
                    try ArtifactInspection(
                        place.string, platform: action.platform ?? ArtifactAction.usualPlatform, settings: settings
                    )
                    .run(in: workspace))
            case .run(let action):
                return try RunTrial(
                    action: action, step: step, base: FilePath(task.base), settings: settings, environment: environment
                ).run(in: workspace)
            case .fault, .measure: throw SuiteError("\(task.id): a \(step.kind.rawValue) step cannot stand here")
            }
        }
    }

    private func probe(_ action: ProbeAction, _ workspace: Workspace) throws -> StepResult {
        var settings = settings
        settings.selection.filters = action.patterns
        let image = try SuiteImages.find(action.image ?? Image.coreName, for: settings.guest)
        for venue in action.venues ?? [] {
            if let refusal = UnconfinedProgram(of: image, in: venue, settings: settings) { throw refusal }
        }
        let session = ProbeSession(image: image, venues: action.venues ?? [], settings: settings)
        return StepResult(try session.run(in: workspace, identify: false, progress: SilentProgress())).withoutHostChecks
    }

    private func build(_ action: BuildAction) throws -> StepResult {
        var evidence = CommandEvidence()
        let named = !action.isOptional && !(action.builders ?? []).contains(BuildAction.installed)
        for (number, driver) in action.drivers(isolated: task.isIsolated).enumerated() {
            if task.blocked != nil, let blocked = BuilderTrial.blocked(driver, action.recipes, for: settings.guest) {
                evidence.builders += blocked
                continue
            }
            // Keep the path short: podman accepts at most 50 bytes for its state's path.
            let work = directory.appending("b\(number)")
            evidence.builders += BuilderTrial(
                driver: driver, for: settings.guest, required: named, recipes: action.recipes,
                platforms: action.isNativeOnly ? [Guest.native.platform] : nil,
                timeout: .milliseconds(task.builderLimit)
            ).runUnderLimits(in: work)
            // A fault's steps run one after the other in one process, and use this directory again.
            if access(work.string, F_OK) == 0 { try TreeRemover.removeTree(work) }
        }
        var result = StepResult(evidence)
        guard let code = task.blocked else { return result }
        let blocked = Set(evidence.builders.filter(\.isBlocked).map(\.builder))
        for index in result.checks.indices where blocked.contains(result.checks[index].venue ?? "") {
            result.checks[index].follow(code)
        }
        return result
    }

    /// Enters private namespaces if the scenario names an interpreter or limits the disk.
    private mutating func enterNamespaces() throws {
        if let interpreter = task.interpreter {
            return try WhatIf(guest: settings.guest, interpreter: interpreter).apply()
        }
        guard task.step.limit.disk != nil else { return }
        guard let handler = HostInspection.read(for: settings.guest).handler(), let interpreter = handler.interpreter
        else {
            throw SuiteError(
                "no handler takes \(settings.guest.name) programs here, so that none can be registered for the step")
        }
        // Register the host's own emulator unchanged: only the mounts differ.
        let flags = handler.flags.filter { "POCF".contains($0) }
        try WhatIf(guest: settings.guest, interpreter: interpreter, flags: flags).apply()
    }

    mutating func confine() throws {
        let limit = task.step.limit
        if let bytes = limit.disk {
            let place = directory.appending("small")
            try makeDirectory(place)
            try Faults.mountSmall(on: place, bytes: bytes)
            setenv("TMPDIR", place.string, 1)
            environment["TMPDIR"] = place.string
            settings.cacheDirectory = nil
        }
        if let bytes = limit.memory { try MemoryLimit.apply(bytes, label: directory) }
    }

    private func bringAbout(_ fault: FaultAction, after delay: Duration) throws -> StepResult {
        var drill = try SuiteDrills.named(fault.drill, for: settings.guest)
        drill.setup = drill.setup.suffix(1)
        var left = timespec(
            tv_sec: Int(delay.components.seconds), tv_nsec: Int(delay.components.attoseconds / 1_000_000_000))
        var rest = timespec()
        while nanosleep(&left, &rest) != 0 && errno == EINTR && Interrupt.signal == nil { left = rest }
        let program = try Workspace.temporary(settings) { try $0.root(of: .core(for: settings.guest)) }.appending(
            "bin/assay-probe")
        try DrillSession.setUp(drill, in: directory, program: program, guest: settings.guest)
        return StepResult(checks: [], findings: [], time: nil)
    }
}

/// Ignores progress: nobody listens inside a step's process.
struct SilentProgress: ProgressListener {
    func began(_ name: String, probes: Int) {}
    func output(_ name: String, _ bytes: UnsafeRawBufferPointer) {}
    func finished() {}
}
