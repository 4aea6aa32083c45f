import ArgumentParser
import Evidence
import Files
import Findings
import Glibc
import Guest
import Operations
import Processes
import Reports
import ScenarioFormat
import SystemPackage

/// Destinations and forms of the report.
struct ReportOptions: ParsableArguments {
    @Option(help: "Form of the report on standard output; assay list formats.")
    var format: ReportFormat = .console

    @Option(
        help: ArgumentHelp(
            "Also write it to a file, whole at once. Repeatable.",
            valueName: "format=path"), completion: .names(KnownNames.reports), transform: ReportFile.init(argument:))
    var report: [ReportFile] = []

    @Flag(
        name: .shortAndLong,
        help: "On the console: every check, and every finding in full; -vv: the evidence, too.")
    var verbose: Int

    @Flag(name: .shortAndLong, help: "On the console: only the verdict's line.")
    var quiet = false

    @Flag(help: "On the console: only the references of the checks that failed or could not be made, one a line.")
    var listFailed = false

    @Flag(help: "Exit with status 3 when there are warnings or flaky checks: --fail-on warning.")
    var strict = false

    @Option(help: "What fails the run: error, or warning, for which the status is 3 (default: error).")
    var failOn: Configuration.Threshold?

    @Flag(
        inversion: .prefixedNo,
        help: "Keep it in the history (default: run does; others by ASSAY_HISTORY).")
    var record: Bool?

    func validate() throws {
        guard [quiet, listFailed, verbose > 0].count(where: { $0 }) < 2 else {
            throw ValidationError("--quiet, --list-failed and --verbose say each how much is shown: give one of them.")
        }
        if strict && failOn == .error { throw ValidationError("--strict and --fail-on error contradict each other.") }
        if let twice = report.map(\.path).first(where: { path in report.count { $0.path == path } > 1 }) {
            throw ValidationError("--report names \(twice) twice: the second report would overwrite the first.")
        }
        for file in report {
            if let error = file.obstacle { throw ValidationError("--report \(file.path): \(error.reason)") }
        }
    }

    /// Whether warnings fail the run: by the command line, else by the configuration.
    func mindsWarnings(_ configuration: Configuration = Configuration()) -> Bool {
        (strict ? .warning : failOn ?? configuration.failOn ?? .error) == .warning
    }

    /// Calls `body` in a workspace, and removes the workspace whatever happens.
    ///
    /// - Throws: the error of `body`; an `ExitCode` instead after an interrupt.
    func inWorkspace<Found>(_ settings: Settings, _ body: (Workspace, LiveProgress) throws -> Found) throws -> Found {
        let workspace = try Workspace(settings)
        let progress = LiveProgress()
        let result = Result {
            try workspace.beginTrial()
            return try body(workspace, progress)
        }
        progress.finished()
        if let note = workspace.cacheNote { StandardError.write("assay: \(note)\n") }
        if settings.keep { StandardError.write("assay: kept \(workspace.scratch)\n") }
        // The result stays valid even if the workspace cannot be removed.
        do { try workspace.remove() } catch { StandardError.write("assay: left behind: \(error)\n") }
        do { return try result.get() } catch {
            if let status = Interrupt.exitStatus { throw ExitCode(status) }
            throw error
        }
    }

    /// Runs `body` in a workspace, and emits the report on its evidence.
    func judge(
        _ command: String, settings: Settings, _ body: (Workspace, LiveProgress) throws -> CommandEvidence
    ) throws {
        try emit(made(command, settings: settings, body), settings: settings)
    }

    /// Runs `body` for each guest, in a workspace of its own, and emits one report on all evidence.
    ///
    /// - Parameter settings: the same for each guest but for the guest.
    func judge(
        _ command: String, for guests: [Guest], settings: Settings,
        _ body: (Settings, Workspace, LiveProgress) throws -> CommandEvidence
    ) throws {
        try emit(made(command, for: guests, settings: settings, body), settings: settings)
    }

    /// Runs `body` for each guest, in a workspace of its own, and makes one report on all evidence. A signal stops it
    /// before the next guest; so does `--fail-fast` after one that is unfit.
    func made(
        _ command: String, for guests: [Guest], settings: Settings,
        _ body: (Settings, Workspace, LiveProgress) throws -> CommandEvidence
    ) throws -> Report {
        var parts: [Report] = []
        for guest in guests {
            if Interrupt.signal != nil || settings.failFast && parts.last?.verdict == .unfit, !parts.isEmpty { break }
            var own = settings
            own.guest = guest
            parts.append(try made(command, settings: own) { try body(own, $0, $1) })
        }
        return Report(joining: parts)
    }

    /// Runs `body` in a workspace, and makes the report on its evidence.
    func made(
        _ command: String, settings: Settings, _ body: (Workspace, LiveProgress) throws -> CommandEvidence
    ) throws -> Report {
        let started = Timestamp.now
        let clock = ContinuousClock.now
        let evidence: CommandEvidence
        do { evidence = try inWorkspace(settings, body) } catch  where Interrupt.signal != nil {
            // The report says that it was interrupted and nothing is known.
            evidence = CommandEvidence(host: nil)
        }
        var report = Report(
            version: Assay.version, command: command, started: started, duration: clock.duration(to: .now),
            evidence: evidence)
        report.isPartial = !settings.selection.filters.isEmpty || !settings.selection.exclusions.isEmpty
        // Host checks are always there. Without any other check, nothing was selected.
        guard Interrupt.signal != nil || report.checks.contains(where: { $0.kind != .host }) else {
            throw NothingSelected("no check matches --filter and --exclude")
        }
        return report
    }

    /// Writes a report to standard output.
    func show(_ report: Report) throws { try show(.report(report.document)) }

    /// Writes a report to all destinations, and ends with its exit status.
    ///
    /// - Parameters:
    ///   - shown: whether standard output has the report already.
    ///   - isWorthRecording: whether something was judged that the history does not have yet.
    func emit(_ report: Report, settings: Settings, shown: Bool = false, isWorthRecording: Bool = true) throws {
        let recorder = HistoryRecorder(command: report.command, asked: record)
        var report = report
        if let signal = Interrupt.signal {
            // Do not record it: compared with whole runs, checks would seem to be gone.
            report.interrupt(signal: signal)
            return try emit(.report(report.document), .undetermined, shown: shown)
        }
        // A report that standard output has already is recorded unchanged.
        if !shown { recorder?.compare(&report) }
        report.allow(settings.configuration.allowances)
        let status = ExitStatus(report.document, strict: mindsWarnings(settings.configuration))
        let since = isWorthRecording ? recorder?.record(report, status) : nil
        try emit(.report(report.document), status, shown: shown, sinceLast: since)
    }

    /// Writes a document to all destinations, and ends with its exit status.
    ///
    /// A failed write is reported and does not stop the others. Standard output comes last. If a write failed, the exit
    /// status is not success.
    ///
    /// - Parameter sinceLast: what changed since the last run, for people.
    func emit(
        _ subject: Reported, _ status: ExitStatus, shown: Bool = false, sinceLast: String? = nil
    ) throws {
        var isComplete = true
        func attempt(_ sink: String, _ write: () throws -> Void) {
            do { try write() } catch {
                isComplete = false
                let reason = (error as? FileError)?.reason ?? "\(error)"
                StandardError.write("assay: writing the report to \(sink): \(reason) (write)\n")
            }
        }
        for file in report { attempt(file.path.string) { try save(subject, file) } }
        if format == .github, let summary = StepSummary.given, !report.contains(where: { $0.path == summary.path }) {
            attempt(summary.path.string) { try summary.append(subject) }
        }
        if !shown { attempt("standard output") { try show(subject, sinceLast: sinceLast) } }
        let failed = status == .fit || status == .strict ? ExitStatus.undetermined : status
        throw ExitCode(Interrupt.exitStatus ?? (isComplete ? status : failed).rawValue)
    }

    /// Writes to standard output. Under GitHub Actions these are the annotations; the summary goes to the step's file.
    private func show(_ subject: Reported, sinceLast: String? = nil) throws {
        var style = style
        style.sinceLast = sinceLast
        try StandardOutput.write(format.safe(subject, style: style))
    }

    private var style: ConsoleStyle {
        ConsoleStyle(colours: CallerEnvironment.wantsColours, detail: detail, width: StandardOutput.width)
    }

    private var detail: ConsoleStyle.Detail {
        if quiet { return .verdict }
        if listFailed { return .failures }
        return verbose > 1 ? .evidence : verbose > 0 ? .checks : .normal
    }

    private func save(_ subject: Reported, _ file: ReportFile) throws {
        if file.format == .github, let summary = StepSummary.given, summary.path == file.path {
            try summary.append(subject)
        } else {
            try file.write(subject)
        }
    }

}

/// `FORMAT=PATH` of `--report`.
struct ReportFile {
    let format: ReportFormat
    let path: FilePath

    init(argument: String) throws {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else {
            throw ValidationError("expected FORM=PATH, for example html=report.html")
        }
        guard let format = ReportFormat(rawValue: String(parts[0])) else {
            throw UnknownName(kind: "form of report", name: String(parts[0]), known: ReportFormat.allValueStrings)
        }
        self.format = format
        path = FilePath(String(parts[1]))
    }

    init(_ format: ReportFormat, _ path: FilePath) { (self.format, self.path) = (format, path) }

    private static let action = "writing the report to"

    /// Why the file cannot be written; nil if it can. Checked before the run, which may take an hour.
    var obstacle: FileError? {
        do throws(FileError) { return try OutputFile(path, action: Self.action).obstacle } catch { return error }
    }

    /// Writes to a device or a pipe directly. Writes a file under another name and renames it, so that a reader sees
    /// either the old or the new report.
    func write(_ subject: Reported) throws {
        let text = try format.renderFile(subject)
        try OutputFile(path, action: Self.action).write(Array(text.utf8))
    }
}
