import ArgumentParser
import History
import Operations
import Processes
import Reports
import ScenarioFormat

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", _superCommandName: "assay",
        abstract: "Render saved reports, or merge those of many hosts.",
        discussion: """
            Examples:
              assay report render report.json --format html >report.html
              assay report merge reports --expect 40
            """,
        subcommands: [ReportRender.self, ReportMerge.self, ReportNPD.self])

    mutating func run() throws { throw Unasked(Self.self) }
}

struct ReportRender: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Show a saved JSON report in another form.",
        discussion: """
            Exit status 0 when it was rendered, whatever its verdict.

            Examples:
              assay report render report.json --format html >report.html
              assay report render report.json --history earlier --format html >report.html
            """)

    @Argument(
        help: "The report, as --format json has written it; - for standard input.",
        completion: .file(extensions: ["json"]))
    var file: String
    @Option(
        parsing: .upToNextOption,
        help: "Earlier reports, for the page's trend and usual durations: files, directories or @LIST.",
        completion: .file())
    var history: [String] = []
    @OptionGroup(title: "Shared options") var report: ReportOptions

    mutating func run() throws {
        let document = try SavedReports.read(file)
        var earlier = EarlierReports(than: document)
        try SavedReports.forEach(history) { saved, _ in earlier.add(saved) }
        try report.emit(.report(document, earlier: earlier.runs), .fit)
    }
}

struct ReportMerge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Join the reports of many hosts, or of the parts of one run: which fail, which differ.",
        discussion: """
            Of one host's reports each check counts once, from the report that began last: parts join, and a repeated run \
            replaces what it repeats. The verdict is the worst, and so is the exit status, \
            without what the reports allow.

            Examples:
              assay report merge reports --expect 40
              assay report merge @list --format html >fleet.html
            """)

    @Argument(
        help: "Reports, as --format json has written them; directories of them; @LIST: a file that lists one a line.",
        completion: .file())
    var files: [String]
    @Option(help: "How many reports there should be: fewer leave the verdict undetermined.")
    var expect: Int?
    @OptionGroup(title: "Shared options") var report: ReportOptions

    func validate() throws {
        if let expect, expect < 1 { throw ValidationError("--expect must be at least 1, not \(expect).") }
    }

    mutating func run() throws {
        var builder = FleetBuilder()
        try SavedReports.forEach(files) { saved, file in
            builder.add(saved, file: file)
            if let excess = builder.excess { throw excess }
        }
        guard !builder.isEmpty else {
            throw NothingSelected("no report is in \(files.joined(separator: " "))")
        }
        let fleet = builder.fleet(version: Assay.version, expected: expect)
        let status = ExitStatus(fleet.remaining, doubtful: fleet.isDoubtful, strict: report.mindsWarnings())
        try report.emit(.fleet(fleet), status)
    }
}

struct ReportNPD: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "npd",
        abstract: "Tell node-problem-detector what a saved report says: a custom plugin of its.",
        discussion: """
            Prints one line of at most 80 bytes. Exit status 0: no problem, or an allowed one; 1: unfit; 2: unknown, also where \
            there is no report, or an old one.

            Examples:
              assay report npd /var/lib/assay/watch.json
              assay report npd /var/lib/assay/watch.json --max-age 2h
            """)

    @Argument(help: "The report that assay watch --report json=FILE keeps.", completion: .file(extensions: ["json"]))
    var file: String
    @Option(
        help: ArgumentHelp("An older report says nothing (default: 45m).", valueName: "duration"),
        transform: WatchCommand.duration)
    var maxAge: Duration = .seconds(2700)

    mutating func run() throws {
        let status: ExitStatus
        do {
            let document = try SavedReports.read(file)
            let age = Timestamp.now.seconds - document.started.seconds - Int(document.duration / .seconds(1))
            if age > Int(maxAge / .seconds(1)) {
                try StandardOutput.write(
                    PluginLine.text("the last report is \(age / 60) minutes old: is assay watch running?"))
                status = .undetermined
            } else {
                try StandardOutput.write(PluginLine.text(.report(document), style: ConsoleStyle()))
                status = ExitStatus(document, strict: false)
            }
        } catch {
            try StandardOutput.write(PluginLine.text("\(error)"))
            status = .undetermined
        }
        throw ExitCode(status.rawValue)
    }
}
