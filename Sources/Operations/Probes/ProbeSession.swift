public import Evidence
import Findings
import Guest
import Host
public import Probes
import Processes
import Sandbox
import ScenarioFormat
import SystemPackage

/// Runs probes of one image in some venues, with all children side by side, and inspects the host.
public struct ProbeSession {
    public var image: Image
    public var venues: [Venue]
    /// Names of probes; nil: all of the image's.
    public var probes: [String]?
    /// Patterns of the probes' names by venue. A venue without a key runs all.
    public var patterns: [Venue: [String]]
    public var settings: Settings

    public init(
        image: Image, venues: [Venue], probes: [String]? = nil, patterns: [Venue: [String]] = [:], settings: Settings
    ) {
        self.image = image
        self.venues = venues.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        self.probes = probes
        self.patterns = patterns
        self.settings = settings
    }

    /// - Parameters:
    ///   - identify: also determine the interpreter's version and SHA-256.
    /// - Throws: `ArchiveError` for the image, `UnknownName` for a probe that the image does not have.
    public func run(in workspace: Workspace, identify: Bool, progress: any ProgressListener) throws -> CommandEvidence {
        try run(in: workspace, identify: identify, progress: progress, beside: nil)
    }

    /// - Parameter beside: builders' trials, which begin once emulated and native programs have been compared, and end
    ///   before anything is tried again alone.
    func run(in workspace: Workspace, identify: Bool, progress: any ProgressListener, beside trials: BuilderTrials?)
        throws -> CommandEvidence
    {
        let root = try workspace.root(of: image)
        let names = try probes ?? catalogue(root).filter { $0.isAbout(settings.guest) }.map(\.name)
        let session = calibrated
        let plan = try ProbePlan(
            session, names: names, root: root, machine: KernelNames.machine, workspace: workspace)

        // Read the host first only if the interpreter's version is needed; else read it while the children run.
        var host = identify ? HostInspection.read(for: settings.guest) : nil
        // Read the limits before any probe runs: the probes cause whatever the kernel counts from here on.
        var limits = EarlyLook.shared.limits() ?? LimitInspection.read()
        let known = DigestCache(directory: settings.cacheDirectory)
        let meanwhile = {
            var read = host ?? HostInspection.read(for: settings.guest)
            HostInspection.note(program: settings.program, in: &read)
            if identify, let path = read.interpreter?.path {
                read.interpreter?.sha256 = known.sha256(path)
            }
            host = read
        }
        if let path = host?.interpreter?.path { host?.interpreter?.version = known.version(path) }
        let version = host?.interpreter.flatMap {
            $0.version == nil ? HostInspection.versionLaunch($0, for: settings.guest) : nil
        }

        var evidence = plan.venues.flatMap(\.given)
        var direct: [Termination] = []
        var executed: FileIdentity?
        var isUnfit = false
        var proc = MissingProc()
        var answered: Duration?
        for (number, batch) in plan.batches(settings).enumerated() {
            if settings.failFast && isUnfit {
                evidence += batch.flatMap { $0.evidence(notRun: "not run: an earlier check failed (--fail-fast)") }
                continue
            }
            for run in batch { progress.began(run.venue.rawValue, probes: run.probes.count) }
            // Start the long runs first, so that short ones fill the gaps.
            let runs = batch.sorted { $0.probes.count > $1.probes.count }
            let asides = number == 0 ? [version, plan.twin?.launch].compactMap(\.self) : []
            var found: [[ProbeEvidence]?] = Array(repeating: nil, count: runs.count)
            // What is compared for its speed: the direct runs, and their native twin.
            var compared = Set(
                runs.indices.filter { runs[$0].venue == .direct } + asides.indices.map { runs.count + $0 })
            // Where no program starts in isolation a builder has nothing to show: its trial waits for what is found out.
            let isolated = runs.contains { $0.venue != .direct }
            var hasSpoken = false
            func startTrials() {
                if compared.isEmpty, hasSpoken, let trials, trials.isBeside { trials.start() }
            }
            let ended = Supervisor(jobs: settings.jobs).run(
                runs.map(\.launch) + asides,
                onOutput: { index, bytes in
                    guard index < runs.count else { return }
                    if !isolated || runs[index].venue != .direct { hasSpoken = true }
                    startTrials()
                    progress.output(runs[index].venue.rawValue, bytes)
                },
                onEnd: { index, ended in
                    compared.remove(index)
                    startTrials()
                    guard index < runs.count else { return }
                    found[index] = runs[index].evidence(of: ended)
                    ended.forgetOutput()
                },
                meanwhile: number == 0 ? meanwhile : {})
            var fresh = runs.indices.flatMap { found[$0] ?? runs[$0].evidence(of: ended[$0]) }
            for (run, one) in zip(runs, ended) { proc.note(run, one) }
            try proc.correct(&fresh) { try catalogue(root) }
            if settings.failFast { isUnfit = Diagnosis(CommandEvidence(probes: fresh)).verdict == .unfit }
            evidence += fresh
            for one in ended.prefix(runs.count) where executed == nil { executed = one.executed }
            answered = ([answered] + ended.prefix(runs.count).map(\.answered)).compactMap(\.self).min()
            direct += zip(runs, ended).filter { $0.0.venue == .direct }.map(\.1)
            if number == 0, version != nil {
                host?.interpreter?.version = HostInspection.version(of: ended[runs.count], for: settings.guest)
            }
            if number == 0, let twin = plan.twin { note(twin, ended[ended.count - 1], in: &host) }
        }
        for name in trials?.names ?? [] { progress.began(name, probes: 0) }
        if let trials, trials.hasBegun { _ = trials.wait() }
        try addTwins(of: evidence, to: &host, in: workspace)
        let runs = plan.venues.flatMap(\.runs)
        host?.withoutVariables = WithoutVariables(settings: settings, runs: runs).run(after: evidence)
        let isLate = answered.map { $0 > StartTrial.unremarkable } ?? false
        let twin = evidence.contains { HangRetries.isInQuestion($0.result) } ? try twin(in: workspace) : nil
        HangRetries(settings: session.settings, twin: twin, scratch: workspace.scratch)
            .run(&evidence, of: runs, except: host?.withoutVariables?.cured ?? [])
        if isLate, image.name == Image.coreName {
            host?.start = try StartTrial(
                settings: session.settings, root: root,
                twinRoot: { try (twin ?? self.twin(in: workspace))?.root }
            ).run()
        }
        if settings.repeats == 1 { SecondStart.run(&evidence, of: runs) }
        if LimitTrial.isCalledFor(evidence, limits) {
            limits = LimitTrial(
                root: try workspace.root(of: .core(for: settings.guest)), scratch: workspace.scratch, settings: settings
            )
            .run(limits, after: evidence, of: runs)
        }
        if let registry = host?.registry, host?.isGuestNative == false, image.name == Image.coreName {
            host?.otherShapes = ShapeTrial(settings: session.settings, root: root, scratch: workspace.scratch)
                .run(registry)
        }
        if host?.isGuestNative == false, EmptyRootTrial.isCalledFor(evidence) {
            host?.emptyRoot = EmptyRootTrial.run(
                root: try workspace.root(of: .core(for: settings.guest)), settings: settings)
        }
        host?.runner.limits = limits
        if host?.runner.restrictions["Seccomp"] == "2", evidence.contains(where: \.isFailure) {
            host?.runner.filteredCalls = FilteredCalls.read(kernel: KernelNames.release)
        }
        if evidence.contains(where: \.isNamespaceRefused), let holds = Chroot.holds { host?.runner.isChroot = holds }
        // The image's program rejects unknown names and runs nothing. Check names only then: the catalogue takes as
        // long as a probe.
        if let probes, !evidence.allSatisfy(\.didRun) { try check(probes, against: catalogue(root)) }
        if settings.repeats > 1 { evidence = Self.together(evidence) }
        RunnerInspection.note(workDirectory: root, in: &host)
        host?.runner.noexecScratch = RunnerInspection.noexecMount(of: workspace.scratch)
        host?.environment = settings.environment
        host?.variablesOfStep = settings.variablesOfStep
        host?.executed = executed
        // A wrapper's version is that of the program that it starts.
        if version != nil, let interpreter = host?.interpreter, let found = interpreter.version, let executed,
            interpreter.file?.isSameFile(as: executed) == true
        {
            known.remember(version: found, of: interpreter.path)
        }
        host?.processorTime?.emulated = direct.map(\.processorTime).reduce(.zero, +)
        host?.systemTime = direct.map(\.systemTime).reduce(.zero, +)
        host?.argumentShift = evidence.lazy.compactMap { $0.start?.shift }.first
        host?.isWhatIf = settings.isWhatIf
        return CommandEvidence(host: host, probes: inOrder(evidence, names))
    }

    /// The session with limits for this host as it is now, unless somebody set them.
    private var calibrated: ProbeSession {
        var session = self
        session.settings.limits = settings.limits.times(settings.calibration)
        return session
    }

    /// The core image's probes compiled for this host, unless it is of the guest's kind.
    private func twin(in workspace: Workspace) throws -> (guest: Guest, image: Image, root: FilePath)? {
        let machine = KernelNames.machine
        guard let guest = Guest.all.first(where: { $0 != settings.guest && $0.isNative(on: machine) }) else {
            return nil
        }
        return (guest, .twin(guest), try workspace.root(of: .twin(guest)))
    }

    /// Runs natively what failed and has no native twin yet: what fails in the same way there is not the emulator's doing.
    private func addTwins(of evidence: [ProbeEvidence], to host: inout HostEvidence?, in workspace: Workspace) throws {
        let failed = evidence.filter { probe in
            if case .failed = probe.result { host?.native[probe.probe] == nil } else { false }
        }
        guard image.name == Image.coreName, settings.repeats == 1, settings.scale == 1, !failed.isEmpty,
            Interrupt.signal == nil, let twin = try twin(in: workspace)
        else { return }
        let run = ProbeRun(
            image: twin.image.name, guest: twin.guest, venue: .direct, probes: Set(failed.map(\.probe)).sorted(),
            root: twin.root, scratch: workspace.scratch, limits: settings.limits)
        for one in run.evidence(of: Supervisor(jobs: 1).run(run.launch)) { host?.native[one.probe] = one }
    }

    private func note(_ twin: ProbeRun, _ ended: Termination, in host: inout HostEvidence?) {
        for one in twin.evidence(of: ended) { host?.native[one.probe] = one }
        host?.processorTime = (emulated: .zero, native: ended.processorTime)
    }

    /// Merges the repeated runs of each probe in each venue into one piece of evidence.
    private static func together(_ evidence: [ProbeEvidence]) -> [ProbeEvidence] {
        Dictionary(grouping: evidence, by: \.reference).values
            .compactMap { $0.count == 1 ? $0[0] : ProbeEvidence(repeated: $0) }
    }

    private func catalogue(_ root: FilePath) throws -> [ProbeDescription] {
        try ProbeDescription.catalogue(root: root, image: image.name)
    }

    private func check(_ asked: [String], against catalogue: [ProbeDescription]) throws {
        let known = catalogue.map(\.name)
        for name in asked where !known.contains(name) { throw UnknownName(kind: "probe", name: name, known: known) }
    }

    /// Sorts by venue, then by the catalogue's order.
    private func inOrder(_ evidence: [ProbeEvidence], _ names: [String]) -> [ProbeEvidence] {
        var place: [String: Int] = [:]
        for venue in venues {
            for name in names { place["\(name)@\(venue.rawValue)"] = place.count }
        }
        return evidence.sorted { (place[$0.reference] ?? 0) < (place[$1.reference] ?? 0) }
    }
}
