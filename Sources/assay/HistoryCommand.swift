import ArgumentParser
import Files
import Glibc
import History
import HistoryStore
import Processes
import Reports
import Sandbox
import SystemPackage

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", _superCommandName: "assay",
        abstract: "Show recorded runs, and what changed against the last one.",
        discussion: """
            Runs are recorded by "assay run", and by other commands with --record or where ASSAY_HISTORY is 1 or a path. \
            Exit status: 0 done, 4 nothing is recorded, 64 usage, 65 the database is malformed or a later Assay's.

            Examples:
              assay history --last 5
              assay history show
            """,
        subcommands: [List.self, Show.self, Prune.self, Export.self], defaultSubcommand: List.self)

    typealias Format = HandlerCommand.List.Format

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List runs, latest first, and what changed in the latest (default).",
            discussion: """
                Examples:
                  assay history list --last 5
                  assay history list --format json
                """)

        @Option(help: "How many runs.")
        var last = 20
        @Option(help: "Only runs of this command.", completion: .list(WatchCommand.judging))
        var command: String?
        @Flag(help: "Only runs on the host as the latest run found it: its kernel, interpreter and handler.")
        var host = false
        @Option(help: "Form of the list.")
        var format: Format = .console

        func validate() throws { try atLeastOne(last, "--last") }

        mutating func run() throws {
            let history = try recorded()
            var runs = try history.runs(last: last, command: command)
            if host {
                // Some commands do not inspect the host: take the latest run that has one.
                let latest = try history.runs(last: RunHistory.usualBound, command: command).lazy.compactMap(\.host)
                    .first
                runs = try latest.map { try history.runs(last: last, command: command, host: $0) } ?? []
            }
            guard let latest = runs.first else { throw NothingSelected(recordedIn: history.path) }
            let comparison = try history.comparison(of: latest.id)
            switch format {
            case .json: try StandardOutput.write(.json(HistoryDocument(runs: runs, comparison)))
            case .console:
                try write(
                    HistoryText.list(runs, width: StandardOutput.terminalWidth) + [""] + HistoryText.changes(comparison)
                )
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what changed in a run against the last one like it, and what its checks usually take.",
            discussion: """
                Examples:
                  assay history show
                  assay history show 12
                """)

        @Argument(
            help: ArgumentHelp("The run's number (default: the latest).", valueName: "run"),
            completion: .names(KnownNames.runs))
        var number: Int64?
        @Option(help: "How many of a check's latest passes make what is usual.")
        var last = UsualDuration.usualSamples
        @Option(help: "Form of the answer.")
        var format: Format = .console

        func validate() throws { try atLeastOne(last, "--last") }

        mutating func run() throws {
            let history = try recorded()
            guard let id = try number ?? history.runs(last: 1).first?.id else {
                throw NothingSelected(recordedIn: history.path)
            }
            let comparison = try history.comparison(of: id, samples: last)
            switch format {
            case .json: try StandardOutput.write(.json(HistoryDocument(comparison)))
            case .console:
                try write(
                    HistoryText.list([comparison.run.overview], width: StandardOutput.terminalWidth) + [""]
                        + HistoryText.changes(comparison) + [""]
                        + HistoryText.durations(comparison))
            }
        }
    }

    struct Prune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let go of old runs.",
            discussion: """
                Examples:
                  assay history prune --keep 100
                  assay history prune --older-than 90
                """)

        @Option(help: "Keep so many of the latest runs.")
        var keep: Int?
        @Option(help: ArgumentHelp("Let go of runs that are older.", valueName: "days"))
        var olderThan: Int?

        func validate() throws {
            guard keep != nil || olderThan != nil else {
                throw ValidationError("prune takes --keep N, --older-than DAYS, or both.")
            }
            guard keep ?? 0 >= 0, (0...36_500).contains(olderThan ?? 0) else {
                throw ValidationError("--keep and --older-than take 0 or more (at most 36500 days).")
            }
        }

        mutating func run() throws {
            let path = try CallerEnvironment.historyPath
            guard let history = try RunHistory.forPruning(path) else { throw NothingSelected(recordedIn: path.string) }
            let before = olderThan.map { Timestamp(seconds: Timestamp.now.seconds - $0 * 86_400) }
            let gone = try history.prune(keep: keep, before: before)
            try write(["\(gone) \(gone == 1 ? "run is" : "runs are") gone"])
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write runs as JSON reports, one file each, for commands that take earlier reports.",
            discussion: """
                Examples:
                  assay history export earlier
                  assay history export earlier --last 20
                """)

        @Argument(help: "A directory for run-NUMBER.json; made if it is not there.", completion: .directory)
        var directory: String
        @Option(help: "How many of the latest runs.")
        var last = 30
        @Option(help: "Only runs of this command.", completion: .list(WatchCommand.judging))
        var command: String?

        func validate() throws { try atLeastOne(last, "--last") }

        mutating func run() throws {
            let history = try recorded()
            let runs = try history.runs(last: last, command: command)
            guard !runs.isEmpty else { throw NothingSelected(recordedIn: history.path) }
            let directory = FilePath(directory)
            guard mkdir(directory.string, 0o777) == 0 || errno == EEXIST else {
                throw CallFailure("mkdir \(directory)", Errno(rawValue: errno))
            }
            for run in runs {
                let text = try ReportFormat.json.render(.report(history.run(run.id).document))
                try OutputFile(directory.appending("run-\(run.id).json"), action: "writing the report to")
                    .write(Array(text.utf8))
            }
        }
    }
}

private func atLeastOne(_ number: Int, _ option: String) throws {
    if number < 1 { throw ValidationError("\(option) must be at least 1, not \(number).") }
}

private func recorded() throws -> RunHistory {
    let path = try CallerEnvironment.historyPath
    guard let history = try RunHistory.forReading(path) else { throw NothingSelected(recordedIn: path.string) }
    return history
}

private func write(_ lines: [String]) throws {
    try StandardOutput.write(SafeText(lines.map { $0 + "\n" }.joined()))
}

extension HistoryError {
    var exitStatus: ExitStatus {
        switch code {
        case .malformed, .newer: .malformedInput
        case .unknownRun: .usage
        case .unavailable, .busy, .overLimit: .undetermined
        }
    }
}
