import Archive
public import Evidence
import Files
import Glibc
public import Guest
public import Probes
import Processes
import Sandbox
public import SystemPackage

/// Has a builder make images, and collects evidence from them. Removes what the builder made, whatever happens.
public struct BuilderTrial: Sendable {
    let driver: any BuilderDriver
    let guest: Guest
    let required: Bool
    let recipes: [BuildRecipe]
    let platforms: [String]
    let timeout: Duration

    /// - Parameters:
    ///   - required: the user asked for this builder: its absence leaves the question open.
    ///   - platforms: nil: the guest's and this host's own.
    ///   - timeout: for each command of the tool.
    public init(
        driver: any BuilderDriver, for guest: Guest, required: Bool, recipes: [BuildRecipe] = [.run],
        platforms: [String]? = nil, timeout: Duration = .seconds(120)
    ) {
        self.driver = driver
        self.guest = guest
        self.required = required
        self.recipes = recipes
        self.platforms = platforms ?? guest.buildPlatforms
        self.timeout = timeout
    }

    /// - Parameter work: a directory that does not exist yet; the caller removes it.
    /// - Returns: one piece of evidence for each recipe, or one that says why nothing was built.
    public func run(in work: FilePath) -> [BuilderEvidence] {
        var nothing = BuilderEvidence(
            builder: driver.name, guest: guest, context: recipes.first?.rawValue ?? "run", required: required,
            result: .missing)
        guard driver.isInstalled else { return [nothing] }
        let begun = ContinuousClock.now
        let runner = ToolRunner(supervisor: Supervisor(jobs: 1), work: work)
        let footprint = Footprint(driver.footprint)
        var evidence: [BuilderEvidence]
        var left: [String] = []
        do {
            for directory in ["", "storage", "run", "state", "data", "cache", "runtime", "tmp"] {
                try makeDirectory(work.appending(directory))
            }
            try footprint.note(in: work)
            nothing.survey = driver.survey(runner)
            if let obstacle = nothing.survey.obstacle {
                nothing.result = .unusable(obstacle)
                evidence = [nothing]
            } else {
                evidence = try build(runner, nothing)
            }
        } catch {
            nothing.result = .lost(reason: "\(error)")
            evidence = [nothing]
        }
        left += driver.release(nothing.survey, runner)
        left += footprint.erase(driver.footprint)
        if let last = evidence.indices.last { evidence[last].leftovers += left }
        if evidence.count == 1 { evidence[0].duration = begun.duration(to: .now) }
        return evidence
    }

    /// Whether a builder executes steps itself, on this host: a daemon may run elsewhere.
    public static func isOfThisHost(_ driver: any BuilderDriver) -> Bool { driver is Buildah || driver is Podman }

    /// The evidence of a builder if no program of the guest starts on this host; nil if that says nothing of it.
    public static func blocked(_ driver: any BuilderDriver, _ recipes: [BuildRecipe], for guest: Guest)
        -> [BuilderEvidence]?
    {
        guard isOfThisHost(driver) else { return nil }
        return recipes.map { recipe in
            var evidence = BuilderEvidence(
                builder: driver.name, guest: guest, context: recipe.rawValue,
                result: .notApplicable(reason: "not tried: the smallest program does not start"))
            evidence.isBlocked = true
            return evidence
        }
    }

    /// The name of a builder's directory. buildx would take what comes after a colon in it for the tag of a layout.
    public static func directory(of builder: String) -> String {
        String(builder.map { "/:".contains($0) ? "-" : $0 })
    }

    /// Removes what trials of a killed run left outside their directories.
    ///
    /// - Parameters:
    ///   - scratch: the run's directory.
    ///   - names: what is in it.
    public static func release(below scratch: FilePath, among names: [String]) {
        for name in names {
            // Other names, such as those of images' trees, are skipped.
            let builder = name.hasPrefix("buildx-") ? "buildx:\(name.dropFirst(7))" : name
            guard let driver = BuilderCatalogue.driver(builder),
                let footprint = Footprint(notedIn: scratch.appending(name))
            else { continue }
            _ = footprint.erase(driver.footprint)
        }
    }

    private func build(_ runner: ToolRunner, _ template: BuilderEvidence) throws -> [BuilderEvidence] {
        var request = BuildRequest(
            context: runner.work, platforms: platforms, arguments: [:], work: runner.work,
            label: "assay-\(Proof.freshNonce().prefix(12))", timeout: timeout)
        let before = driver.inventory(template.survey, runner)
        var evidence: [BuilderEvidence] = []
        var usesEmbedded = false
        for recipe in recipes where Interrupt.signal == nil {
            let begun = ContinuousClock.now
            var one = template
            one.context = recipe.rawValue
            one.demandsProofs = recipe.demandsProofs
            one.platforms = platforms
            if recipe == .heredoc, let reason = Version.lacksHeredocs(driver, template.survey.version) {
                one.result = .notApplicable(reason: reason)
                evidence.append(one)
                continue
            }
            do {
                request.context = runner.work.appending("context-\(recipe.rawValue)")
                try makeDirectory(request.context)
                let context = try BuildContext(
                    recipe, for: guest, in: request.context, images: Image.directories(Tool.variable))
                request.arguments = context.arguments
                request.tag = recipe.rawValue
                request.usesCache = recipe == .cache
                request.base =
                    recipe == .stages && driver.takesScratchForTarget
                    ? try BaseImage(in: runner.work.appending("base")) : nil
                // What a tool takes from its cache is shown in a storage that holds nothing else.
                request.usesUsersStorage = template.survey.storage != nil && recipe != .cache
                one.result = try attempt(request, context, runner, &one)
                try retryPrivately(&request, context, runner, &one)
                if request.base != nil, case .failed(_, _, let message) = one.result {
                    // Without a base it is right wherever a handler is registered.
                    request.base = nil
                    request.tag += "-scratch"
                    let other = try attempt(request, context, runner, &one)
                    if case .built = other {
                        one.result = other
                        one.remarks.append("the first stage is FROM scratch: \(message.last ?? "a base was refused")")
                    }
                }
            } catch {
                one.result = .lost(reason: "\(error)")
            }
            one.duration = begun.duration(to: .now)
            evidence.append(one)
            // It is the same emulator for every context.
            if one.emulators.values.contains(BuilderEvidence.embeddedEmulator) { usesEmbedded = true }
        }
        if usesEmbedded { for index in evidence.indices { evidence[index].survey.usesEmbeddedEmulator = true } }
        request.wasCancelled = evidence.contains { if case .timedOut = $0.result { true } else { false } }
        let hasFailed = evidence.contains { if case .failed = $0.result { true } else { false } }
        var (left, erasure) = clean(request, template.survey, before, runner)
        var remarks: [String] = []
        if hasFailed, left.held > 0 {
            // BuildKit 0.32 keeps them as long as it runs; 0.11 let them go.
            remarks.append(
                "records of the build cache stay: \(left.held), in use by another build, or by BuildKit itself, which holds what it cancelled until its daemon is restarted"
            )
        }
        switch erasure {
        case .erased: break
        case .stays(let reason): remarks.append("the daemon's records of these builds stay: \(reason)")
        case .failed(let failures): left.failures += failures
        }
        if let last = evidence.indices.last {
            evidence[last].leftovers += left.failures
            evidence[last].remarks += remarks
        }
        return evidence
    }

    /// Clears what the builds left, and the records of them, side by side: a call of buildx takes a quarter of a second. After a build that was
    /// given up the records come last.
    private func clean(
        _ request: BuildRequest, _ survey: BuilderSurvey, _ before: Set<String>?, _ runner: ToolRunner
    ) -> (LeftBehind, HistoryErasure) {
        let threads = request.wasCancelled || Interrupt.signal != nil ? 1 : 2
        let found = Workers.map([true, false], threads: threads) { [driver] isCache -> (LeftBehind, HistoryErasure) in
            isCache
                ? (driver.cleanUp(request, survey, before: before, runner), .erased)
                : (LeftBehind(), driver.eraseHistory(request, survey, runner))
        }
        return (found[0].0, found[1].1)
    }

    /// Builds again in a private storage if the user's own failed: where that works, the storage was the cause.
    private func retryPrivately(
        _ request: inout BuildRequest, _ context: BuildContext, _ runner: ToolRunner, _ evidence: inout BuilderEvidence
    ) throws {
        guard request.usesUsersStorage else { return }
        if case .failed = evidence.result {
            request.usesUsersStorage = false
            request.tag += "-private"
            var other = evidence
            other.proofs = [:]
            other.artifacts = []
            other.result = try attempt(request, context, runner, &other)
            guard case .built = other.result else { return }
            other.refusedStorage = evidence.result
            evidence = other
        } else if let storage = evidence.survey.storage {
            evidence.remarks.append("in the user's storage \(storage)")
        }
    }

    /// Runs every job, also after a failure: what works is evidence too. The first failure is the result. A job that hit
    /// its time limit is the last.
    private func attempt(
        _ request: BuildRequest, _ context: BuildContext, _ runner: ToolRunner, _ evidence: inout BuilderEvidence
    ) throws -> BuilderEvidence.Result {
        var result = BuilderEvidence.Result.built
        var jobs = driver.jobs(request, evidence.survey)
        if request.usesCache {
            // Build the native platform first, so that the cache offers its layers to the others.
            var first = request
            first.platforms = [Guest.native.platform]
            first.tag += "-first"
            jobs = driver.jobs(first, evidence.survey) + jobs.reversed()
        }
        for job in jobs {
            let failure = run(job, runner)
            if failure == nil {
                try ArtifactReading(job: job, context: context).read(into: &evidence)
            } else if case .failed? = failure, job.platforms.count > 1, job.platforms.contains(Guest.native.platform) {
                // Can it at least build for its own machine?
                var native = request
                native.platforms = [Guest.native.platform]
                native.tag += "-native"
                for job in driver.jobs(native, evidence.survey) where run(job, runner) == nil {
                    try ArtifactReading(job: job, context: context).read(into: &evidence)
                }
            }
            if let failure, case .built = result { result = failure }
            // What hung once would hang again, for as long.
            if case .timedOut? = failure { break }
        }
        return result
    }

    /// - Returns: nil when every step succeeded.
    private func run(_ job: BuildJob, _ runner: ToolRunner) -> BuilderEvidence.Result? {
        for step in job.steps {
            let ended = runner.run(step)
            let command = step.arguments.joined(separator: " ")
            switch ended.reason {
            case .exited(0): continue
            case .exited, .signalled:
                return .failed(command: command, status: ended.words, message: lines(ended))
            case .timedOut:
                return .timedOut(command: command, limit: ended.words, message: lines(ended))
            case .notStarted, .interrupted, .lost, .left, .unobserved:
                return .lost(reason: "\(step.path): \(ended.words)")
            }
        }
        return nil
    }

    private func lines(_ ended: Termination) -> [String] {
        (ended.output.text + ended.errors.text).split(separator: "\n").suffix(60).map(String.init)
    }
}
