import ArgumentParser
import Findings
import Glibc
import Guest
import Operations
import Probes
import Processes
import Reports
import Sandbox
import ScenarioFormat
import Suite
import SystemPackage

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", _superCommandName: "assay",
        abstract: "Run scenarios or suites.",
        discussion: """
            A path is a scenario file, or a folder of them. Every file is checked before anything runs. --filter and --exclude take \
            SCENARIO, SCENARIO[VALUES] or SCENARIO/STEP, in which * stands for any characters. After an interrupt or a power cut \
            --resume goes on where the journal ends.

            Examples:
              assay run Scenarios/nightly --report junit=results.xml
              assay run Scenarios --check
            """)

    @Argument(help: "Scenario files, or folders.", completion: .file(extensions: ["yaml", "yml"]))
    var paths: [String] = []
    @Flag(help: "Check the files and run nothing.")
    var check = false
    @Flag(help: "Print what would run, in which order, and run nothing.")
    var dryRun = false
    @Flag(help: "Print the JSON Schema of scenario files.")
    var printSchema = false
    @Flag(help: "Print the reference of scenario files, in Markdown.")
    var printReference = false
    @Option(help: "Only scenarios with this tag. Repeatable.", completion: .names(KnownNames.tags))
    var tag: [String] = []
    @Option(help: "Further attempts at a step that failed, where its file does not say.")
    var retries = 0
    @Option(help: "Time limit of the whole run, in seconds.")
    var runTimeout: Double?
    @Option(
        help: ArgumentHelp("Where finished steps are noted (default: below $XDG_STATE_HOME/assay).", valueName: "path"),
        completion: .file())
    var journal: String?
    @Flag(help: "Go on with the run that the journal is of.")
    var resume = false
    @Option(
        help: ArgumentHelp(
            "This machine's share: slice:m/n, hash:m/n or none (default: what the CI engine says).", valueName: "share")
    )
    var partition: String?
    @Option(
        help: ArgumentHelp("Only what failed in this report (JSON) of an earlier run.", valueName: "report"),
        completion: .file(extensions: ["json"]))
    var rerunFailed: String?
    @OptionGroup var confinement: ConfinementOption
    /// In a step's process: the file with its task.
    @Option(help: .hidden) var perform: String?
    /// In a step's process: its directory.
    @Option(help: .hidden) var inside: String?
    @OptionGroup(title: "Shared options") var options: RunOptions
    @OptionGroup(title: "Shared options") var policy: PolicyOptions
    @OptionGroup(title: "Shared options") var report: ReportOptions

    func validate() throws {
        if let partition, Partition(partition) == nil {
            throw ValidationError(
                "--partition takes slice:m/n or hash:m/n with m from 1 to n, or none: not \"\(partition)\".")
        }
        if !(0...10).contains(retries) { throw ValidationError("--retries takes 0 to 10, not \(retries).") }
        if let runTimeout, !(0.001...2_592_000).contains(runTimeout) {
            throw ValidationError("--run-timeout takes 0.001 seconds to 30 days, not \(runTimeout).")
        }
        if paths.isEmpty && !printSchema && !printReference && perform == nil {
            throw ValidationError("name a scenario file, or a folder of them.")
        }
    }

    mutating func run() throws {
        if printSchema { return try StandardOutput.write(own: Array(SchemaWriter.text.utf8)) }
        if printReference { return try StandardOutput.write(own: Array(FormatTable.text.utf8)) }
        let configuration = perform == nil && !check ? try policy.configuration : Configuration()
        var settings = options.settings(configuration)
        settings.unconfined = confinement.unconfined
        settings.jobs = options.jobs ?? configuration.jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        if let perform { return try performStep(perform, settings) }
        let files = try SuiteFiles.load(paths, settings: settings)
        if check { return StandardError.write("assay: \(files.count) scenarios are well-formed\n") }
        let (plan, selection) = try planned(files, settings)
        let place = try journalPath(files)
        let durations = usualDurations(plan, settings, journal: place)
        if dryRun { return try show(DryRun(plan, jobs: settings.jobs, durations: durations)) }
        try execute(plan, files, settings, journal: place, selection: selection, durations: durations)
    }

    /// The share that a CI engine gives this machine.
    private func share() throws -> (partition: Partition, source: String)? {
        do { return try Partition.ofEngine(Tool.variable) } catch { throw ValidationError("\(error)") }
    }

    /// - Returns: the plan, and a text that identifies its selection.
    private func planned(_ files: [ScenarioFile], _ settings: Settings) throws -> (SuitePlan, String) {
        var wanted = SuitePlan.Options(guest: settings.guest)
        wanted.selection = settings.selection
        wanted.tags = tag
        wanted.retries = retries
        wanted.timeoutMultiplier = options.multiplier(settings.configuration)
        if let partition {
            wanted.partition = Partition(partition) ?? .whole
        } else if let engine = try share() {
            wanted.partition = engine.partition
            StandardError.write(
                "assay: this machine's share is \(engine.partition) (\(engine.source)); --partition none runs everything\n"
            )
        }
        if let rerunFailed { wanted.only = try FailedChecks.read(rerunFailed) }
        let plan = try SuitePlan(files, options: wanted)
        guard plan.wasSelected else {
            let why =
                rerunFailed.map { "\($0) names no failed check of these scenarios" }
                ?? "no scenario matches --filter, --exclude and --tag"
            throw NothingSelected(why)
        }
        if plan.steps.isEmpty {
            StandardError.write("assay: the share \(wanted.partition) is empty: there are fewer cases than shares\n")
        }
        let words = [
            "partition \(wanted.partition)", "retries \(retries)", "tags \(tag)", "filters \(options.filter)",
            "exclusions \(options.exclude)", "only \((wanted.only ?? []).sorted())",
        ]
        return (plan, words.joined(separator: ", "))
    }

    private func journalPath(_ files: [ScenarioFile]) throws -> FilePath {
        if let journal { return FilePath(journal) }
        guard let state = CallerEnvironment.stateDirectory else {
            throw ValidationError("neither XDG_STATE_HOME nor HOME is set: name a file with --journal.")
        }
        return Journal.standardPath(state: state, files: files)
    }

    /// The usual durations of steps on this host, from the history, else from the last journal.
    private func usualDurations(
        _ plan: SuitePlan, _ settings: Settings, journal: FilePath
    ) -> [String: Duration] {
        Journal.durations(journal, of: Set(plan.steps.map(\.id))).merging(
            HistoryRecorder.usual(plan.steps) { SuiteHost.read(for: plan, settings: settings) }
        ) { _, usual in usual }
    }

    private func execute(
        _ plan: SuitePlan, _ files: [ScenarioFile], _ settings: Settings, journal: FilePath, selection: String,
        durations: [String: Duration]
    ) throws {
        var how = SuiteRun.Options(journal: journal, version: Assay.version)
        how.isJournalNamed = self.journal != nil
        how.jobs = settings.jobs
        how.failFast = options.failFast
        how.timeout = runTimeout.map { .seconds($0 * options.multiplier(settings.configuration)) }
        how.resume = resume
        how.selection = selection
        how.arguments =
            (settings.configuration.limits.map { "\($0.key)=\($0.value)" }.sorted() + options.limit)
            .flatMap { ["--limit", $0] } + (options.keep ? ["--keep"] : [])
            + (confinement.unconfined ? ["--unconfined"] : [])
        how.environment = Tool.environment
        how.faultEnvironment = CallerEnvironment.forDrills
        let started = Timestamp.now
        let clock = ContinuousClock.now
        let progress = SuiteProgress(plan, durations: durations)
        let run = SuiteRun(plan, files: files, settings: settings, options: how, listener: progress)
        var found: (records: [StepRecord], hasNews: Bool) = ([], false)
        do {
            found = try report.inWorkspace(settings) { workspace, _ in
                defer {
                    progress.end()
                    if Interrupt.signal != nil {
                        StandardError.write("assay: interrupted; go on with --resume (journal: \(journal))\n")
                    }
                }
                return try run.run(in: workspace)
            }
        } catch  where Interrupt.signal != nil {
            // Before the first step: the report says that it was interrupted.
        }
        let hosts = SuiteHost.read(for: plan, settings: settings)
        var judged = Report(
            version: Assay.version, command: "run", started: started, duration: clock.duration(to: .now), hosts: hosts,
            checks: found.records.flatMap { [$0.check] + $0.checks },
            findings: SuiteHost.merged(found.records.flatMap(\.findings), on: hosts))
        judged.begun = run.begun
        try report.emit(judged, settings: settings, isWorthRecording: found.hasNews)
    }

    private func performStep(_ path: String, _ settings: Settings) throws {
        let performer = StepPerformer(
            try StepTask(file: FilePath(path)), directory: FilePath(inside ?? "."), settings: settings,
            environment: Tool.environment)
        let result = try performer.perform()
        if let status = Interrupt.exitStatus { throw ExitCode(status) }
        try StandardOutput.write(own: Array(try result.text.utf8))
    }

    private func show(_ plan: DryRun) throws {
        var lines: [String] = []
        for section in plan.sections { lines += [section.title] + Table(section.rows, rightAligned: [2]).lines + [""] }
        lines.append(plan.estimate ?? "how long it takes is not known: no earlier run")
        try StandardOutput.write(SafeText(lines.map { $0 + "\n" }.joined()))
    }
}
