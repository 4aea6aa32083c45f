public import ArgumentParser
import Findings
import Glibc
public import Reports
import Sandbox
import Scenarios
import SystemPackage

extension ReportFormat: ExpressibleByArgument {}

/// Where the report goes, and in which form.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Form of the report on standard output.", discussion: Self.forms))
    var format: ReportFormat = .console

    @Option(
        help: ArgumentHelp(
            "Also write the report to a file, in one step, so that readers see the old one or the new one. Repeatable.",
            valueName: "format=path"))
    var report: [ReportFile] = []

    @Flag(help: "Exit with status 3 when there are warnings or flaky checks.")
    var strict = false

    @Flag(
        inversion: .prefixedNo,
        help: "Keep this run in the history (default: \"assay run\" does; others where ASSAY_HISTORY is 1 or a path).")
    var record: Bool?

    /// Calls `body` in a workspace. Nothing is left behind: the workspace goes whatever happened, and an interrupt wins over any result.
    func inWorkspace<Found>(_ settings: Settings, _ body: (Workspace, LiveProgress) throws -> Found) throws -> Found {
        let workspace = try Workspace(settings)
        let progress = LiveProgress()
        let result = Result { try body(workspace, progress) }
        progress.finished()
        if let note = workspace.cacheNote { StandardError.write("assay: \(note)\n") }
        if settings.keep { StandardError.write("assay: kept \(workspace.scratch)\n") }
        try workspace.remove()
        if let status = Interrupt.exitStatus { throw ExitCode(status) }
        return try result.get()
    }

    /// Runs `body` in a workspace, and emits the report of what it found.
    func judge(
        _ command: String, settings: Settings, _ body: (Workspace, LiveProgress) throws -> Evidence
    ) throws {
        try emit(made(command, settings: settings, body))
    }

    /// Runs `body` in a workspace, and makes the report of what it found.
    func made(
        _ command: String, settings: Settings, _ body: (Workspace, LiveProgress) throws -> Evidence
    ) throws -> Report {
        let started = Timestamp.now
        let clock = ContinuousClock.now
        let evidence = try inWorkspace(settings, body)
        let report = Report(
            version: Assay.version, command: command, started: started, duration: clock.duration(to: .now),
            evidence: evidence)
        // What is read of the host is there always; what was selected is more than that.
        guard report.checks.contains(where: { $0.kind != .host }) else {
            StandardError.write("assay: nothing was selected: no check matches --filter and --exclude\n")
            throw ExitCode(ExitStatus.nothingSelected.rawValue)
        }
        return report
    }

    /// Writes a report to standard output.
    func show(_ report: Report) throws { try show(Rendering(report.document)) }

    /// Writes a report wherever it was asked for, and ends with its exit status.
    ///
    /// - Parameter shown: it is on standard output already.
    func emit(_ report: Report, shown: Bool = false) throws {
        let recorder = HistoryRecorder(command: report.command, asked: record)
        var report = report
        // What is on standard output already is what is recorded.
        if !shown { recorder?.compare(&report) }
        let rendering = Rendering(report.document)
        if !shown { try show(rendering) }
        try save(rendering)
        let status = ExitStatus(report, strict: strict)
        recorder?.record(report, status)
        throw ExitCode(status.rawValue)
    }

    /// Writes a document wherever it was asked for.
    func emit(_ rendering: Rendering) throws {
        try show(rendering)
        try save(rendering)
    }

    /// Under GitHub Actions the annotations are for standard output, and the summary for the file that the step was given.
    private func show(_ rendering: Rendering) throws {
        try StandardOutput.write(rendering.document(format))
        if format == .github, let summary = StepSummary.given, !report.contains(where: { $0.path == summary.path }) {
            try summary.append(rendering)
        }
    }

    private func save(_ rendering: Rendering) throws {
        for file in report {
            if file.format == .github, let summary = StepSummary.given, summary.path == file.path {
                try summary.append(rendering)
            } else {
                try file.write(rendering)
            }
        }
    }

    private static let forms = ReportFormat.allCases.map { "\($0.rawValue): \($0.about)" }.joined(separator: "\n")
}

/// `FORMAT=PATH` of `--report`.
struct ReportFile: ExpressibleByArgument {
    let format: ReportFormat
    let path: FilePath

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let format = ReportFormat(rawValue: String(parts[0])) else { return nil }
        self.format = format
        path = FilePath(String(parts[1]))
    }

    /// Writes beside the path and renames, so that a reader sees the old report or the new one.
    func write(_ rendering: Rendering) throws {
        let text = try rendering.file(format, ReportFormat.summaryLimit)
        let fresh = FilePath(path.string + ".new")
        let file = try FileDescriptor.open(
            fresh, .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
        guard rename(fresh.string, path.string) == 0 else { throw Errno(rawValue: errno) }
    }
}
