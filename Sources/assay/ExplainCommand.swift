import Archive
import ArgumentParser
import Files
import Findings
import Glibc
import Guest
import Operations
import Probes
import Reports
import ScenarioFormat
import SystemPackage

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", _superCommandName: "assay",
        abstract:
            "Explain a finding, a known limit, a probe or a drill; or name what a message, or a build's log, comes of.",
        discussion: """
            Examples:
              assay explain handler-missing
              assay explain 'exec format error'
              some-build 2>&1 | assay explain -
            """)

    @Argument(
        help: ArgumentHelp(
            "Findings' codes, a limit-…, a probe, a drill, a message, a log's file, or - for a log on standard input.",
            valueName: "subject"), completion: .names(KnownNames.subjects))
    var subject: [String]

    mutating func run() throws {
        let words = subject.joined(separator: " ")
        if words == "-" {
            return try explain(log: LogTail.read(DescriptorSource(descriptor: STDIN_FILENO, name: "standard input")))
        }
        // Several codes are what a reading of a log ends with.
        let codes = subject.compactMap { FindingCode(rawValue: $0) }
        if codes.count == subject.count {
            for code in codes {
                if code != codes.first { try StandardOutput.write("\n") }
                try explain(code)
            }
            return
        }
        if let limit = KnownLimit.named(words) { return try explain(limit) }
        if let probe = try probe(words) { return try explain(probe) }
        if let drill = try Drill.all().first(where: { $0.name == words }) { return try explain(drill) }
        if subject.count == 1, access(words, F_OK) == 0 {
            return try explain(log: LogTail.read(DescriptorSource(file: FilePath(words))))
        }
        if words.contains("/") && !words.contains(" ") || [".log", ".txt"].contains(where: words.hasSuffix) {
            throw NoInput(words, .noSuchFileOrDirectory)
        }
        let reading = SymptomReading(BuildLog(Array(words.utf8)))
        guard !reading.candidates.isEmpty || words.contains(" ") else {
            let known = FindingCode.allCases.map(\.rawValue) + KnownLimit.all.map(\.code)
            let others = try probes(of: words).map(\.name) + Drill.all().map(\.name)
            throw UnknownName(kind: "finding, limit, probe or drill", name: words, known: known + others)
        }
        try show(reading, of: "this message", showsLines: false)
    }

    /// A probe of an image that can be read here; nil for any other word.
    private func probe(_ name: String) throws -> ProbeDescription? {
        try probes(of: name).first { $0.name == name }
    }

    /// The probes of images that can be read here; none for a word that cannot be a probe's name.
    private func probes(of name: String) throws -> [ProbeDescription] {
        guard name.contains("."), !name.contains(" "), !name.contains("/") else { return [] }
        let settings = try RunOptions.parse([]).settings()
        return try Image.known(for: settings.guest).flatMap { try $0.catalogue(settings) }
    }

    private func explain(_ code: FindingCode) throws {
        let entry = code.entry
        var text: SafeText = """
            \(code.rawValue) (\(entry.severity.rawValue))
              \(lines: wrapped(entry.summary))\(lines: otherwise(entry))

            cause
              \(lines: wrapped(entry.cause))

            see it by hand
              \(lines: entry.byHand)

            remedy
              \(lines: entry.advice.map { wrapped(typed($0)) }.joined(separator: "\n  "))

            """
        if let commands = entry.withoutAssay {
            text = "\(text)\nwithout assay\n  \(lines: commands.joined(separator: "\n  "))\n"
        }
        try StandardOutput.write(text)
    }

    /// When it is graver, or less grave, than usual: a line each.
    private func otherwise(_ entry: CatalogueEntry) -> String {
        entry.otherwise.map { "\n  " + wrapped("\($0.severity.rawValue) where \($0.condition)") }.joined()
    }

    /// The catalogue's command as this caller can type it: at the path where this program lies, and without sudo for root.
    private func typed(_ advice: String) -> String {
        guard advice.hasPrefix("sudo assay "), let program = try? RunOptions.parse([]).settings().program else {
            return advice
        }
        return (geteuid() == 0 ? "" : "sudo ") + shellQuoted(program) + advice.dropFirst("sudo assay".count)
    }

    /// A sentence in lines below its heading. A command stays on one line, to be copied.
    private func wrapped(_ text: String) -> String {
        text.isCommand ? text : text.wrapped(to: StandardOutput.width - 2).joined(separator: "\n  ")
    }

    private func explain(_ limit: KnownLimit) throws {
        try StandardOutput.write(
            """
            \(limit.code) (a known limit of QEMU's user mode, no failure)
              \(lines: wrapped(limit.summary))

            what programs feel
              \(lines: wrapped(limit.effect))

            what helps
              \(lines: wrapped(limit.remedy))

            see it
              \(lines: limit.probes.map { "assay probe \($0)" }.joined(separator: "\n  "))

            """)
    }

    private func explain(_ probe: ProbeDescription) throws {
        try StandardOutput.write(
            """
            \(probe.name) (probe)
              \(lines: wrapped(probe.proves))

            stands for
              \(lines: [wrapped(probe.standsFor), probe.source ?? ""].filter { !$0.isEmpty }.joined(separator: "\n  "))

            run it
              assay probe \(probe.name)

            """)
    }

    private func explain(_ drill: Drill) throws {
        let proves = drill.proves.map { "the finding \($0.rawValue)" } ?? "that a healthy host has no finding"
        try StandardOutput.write(
            """
            \(drill.name) (drill)
              \(drill.about)

            proves
              \(proves)

            run it
              assay drill \(drill.name)

            """)
    }

    private func explain(log: LogTail) throws {
        try show(
            SymptomReading(BuildLog(log.bytes)), of: log.isWhole ? "this log" : "the end of this log", showsLines: true)
    }

    /// Shows the candidates, likeliest first, and the command that decides between them.
    private func show(_ reading: SymptomReading, of what: String, showsLines: Bool) throws {
        var text: SafeText = ""
        for candidate in reading.candidates {
            let entry = candidate.code.entry
            let summary = candidate.guest?.naming(entry.summary) ?? entry.summary
            text =
                "\(text)\(lines: wrapped("\(candidate.code.rawValue) (\(entry.severity.rawValue)): \(summary)"))\n"
            if showsLines {
                for line in candidate.evidence {
                    text = "\(text)  \(lines: wrapped("line \(line.number): \(line.text)"))\n"
                }
            }
            if let because = candidate.because { text = "\(text)  \(lines: wrapped(because))\n" }
        }
        guard let decision = reading.decision else {
            try StandardOutput.write("Nothing in \(what) names a cause that Assay knows.\n")
            throw ExitCode(ExitStatus.nothingSelected.rawValue)
        }
        let more = "assay explain " + reading.candidates.map(\.code.rawValue).joined(separator: " ")
        try StandardOutput.write(
            "\(text)\nwhere it was built, this decides: \(decision)\n\(lines: wrapped("cause and remedy: \(more)"))\n")
    }
}

/// The end of a log.
private struct LogTail {
    var bytes: [UInt8] = []
    /// Whether nothing before it was left out.
    var isWhole = true

    /// - Throws: `ArchiveError`.
    static func read(_ source: DescriptorSource) throws(ArchiveError) -> LogTail {
        var tail = LogTail()
        while true {
            let chunk = try source.nextChunk()
            if chunk.isEmpty { return tail }
            tail.bytes += chunk
            // Keep twice as much for a while, so that each byte moves only once.
            if tail.bytes.count > 2 * BuildLog.largest {
                tail.bytes.removeFirst(tail.bytes.count - BuildLog.largest)
                tail.isWhole = false
            }
        }
    }
}
