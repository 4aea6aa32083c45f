import ArgumentParser
import Files
import Glibc
import Operations
import Processes
import Reports
import ScenarioFormat
import SystemPackage

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", _superCommandName: "assay",
        abstract: "Repeat a check, and tell what the last one came to: to the node exporter, and over HTTP.",
        discussion: """
            The check is host, or another command that judges, with its options, last. SIGHUP has one made now. \
            A check that cannot be made is undetermined, and the pauses then grow to eight times.

            Examples:
              assay watch --textfile /var/lib/node_exporter/assay.prom
              assay watch --every 1h --listen 9417 accept --builder none
            """)

    @Option(
        help: ArgumentHelp("From one check to the next, give or take a tenth (default: 15m).", valueName: "duration"),
        transform: Self.duration)
    var every: Duration = .seconds(900)
    @Option(
        help: ArgumentHelp(
            "Write the metrics to this file, whole at once: NAME.prom in the node exporter's textfile directory.",
            valueName: "path"), completion: .file())
    var textfile: String?
    @Option(
        help: ArgumentHelp("Keep the last report in a file, in any form. Repeatable.", valueName: "format=path"),
        completion: .names(KnownNames.reports), transform: ReportFile.init(argument:))
    var report: [ReportFile] = []
    @Option(
        help: ArgumentHelp(
            "Answer HTTP: /healthz (200, or 503, and the verdict), /livez, /metrics, /report; POST /check has a check made. A socket's path, or IP:PORT; a PORT alone is this host's own.",
            valueName: "address"))
    var listen: String?
    @Argument(
        parsing: .captureForPassthrough, help: ArgumentHelp("What to check (default: host).", valueName: "command"),
        completion: .list(Self.judging))
    var command: [String] = []

    func validate() throws {
        // They are captured with the words of the command.
        if command.contains(where: { ["-h", "--help"].contains($0) }) { throw CleanExit.helpRequest(self) }
    }

    /// Commands that judge: their runs can be repeated and recorded.
    static let judging = ["accept", "artifact", "builders", "drill", "host", "probe", "run"]

    static func duration(_ text: String) throws -> Duration {
        guard let duration = Quantity.duration(text), duration >= .seconds(1) else {
            throw ValidationError("expected a duration of at least 1s, for example 15m, found \"\(text)\"")
        }
        return duration
    }

    mutating func run() throws {
        var words = command.first == "--" ? Array(command.dropFirst()) : command
        if words.first?.hasPrefix("-") ?? true { words.insert("host", at: 0) }
        guard Self.judging.contains(words[0]) else {
            throw UnknownName(kind: "command that judges", name: words[0], known: Self.judging)
        }
        let address = try listen.map { text in
            guard let address = ListenAddress(text) else {
                throw ValidationError("--listen takes a socket's path, IP:PORT or a port, not \"\(text)\".")
            }
            return address
        }
        let files = report + (textfile.map { [ReportFile(.prometheus, FilePath($0))] } ?? [])
        for file in files {
            if let error = file.obstacle { throw ValidationError("\(file.path): \(error.reason)") }
        }
        let watch = Watch(words, version: Assay.version, every: every, address: address) { found in
            Self.publish(found.document, to: files)
        }
        do { try watch.run() } catch let refusal as WatchedCheck.Refusal {
            StandardError.write("\(lines: refusal.message)")
            throw ExitCode(refusal.status)
        }
        throw ExitCode(Interrupt.exitStatus ?? ExitStatus.undetermined.rawValue)
    }

    private static func publish(_ document: ReportDocument, to files: [ReportFile]) {
        for file in files {
            do { try file.write(.report(document)) } catch {
                StandardError.write("assay: writing \(file.path): \((error as? FileError)?.reason ?? "\(error)")\n")
            }
        }
        let style = ConsoleStyle(detail: .verdict)
        guard let line = try? ReportFormat.console.safe(.report(document), style: style) else { return }
        // Nobody need read it.
        try? DescriptorWriter(STDOUT_FILENO, stallTimeout: 1000).write(Array(line.string.utf8))
    }
}
