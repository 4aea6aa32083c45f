import ArgumentParser
import Files
import Glibc
import Guest
import Operations
import Processes
import Reports
import Sandbox
import ScenarioFormat

/// The entry point, called by `main` of `Sources/CMain` with its arguments: Swift's `CommandLine` reads them from
/// `/proc`, and has none if that is not mounted.
@_cdecl("assay_run")
public func run(count: Int32, words: UnsafePointer<UnsafePointer<CChar>?>) {
    Assay.main((1..<max(1, Int(count))).compactMap { words[$0].map { String(cString: $0) } })
}

/// The program. `main` is synchronous: an asynchronous one costs 10 ms at exit in a static executable.
struct Assay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assay",
        abstract:
            "Tells whether this Linux host can really run and build \(Guest.usual.architecture), and if not, why and what to type.",
        discussion: """
            Examples:
              assay accept
              assay explain 'exec format error'

            Exit status: 0 fit, 1 unfit (a check failed), 2 undetermined (something could not be found out), 3 only warnings \
            and --strict was given, 4 nothing was selected, 64 usage, 65 malformed input, 66 no such input, 130 or 143 interrupted.
            """,
        version: version,
        subcommands: commands.map { $0.type })

    /// Subcommands by name, so that choosing one does not build the descriptions of the others.
    private static let commands: [(name: String, type: any ParsableCommand.Type)] = [
        ("accept", AcceptCommand.self), ("host", HostCommand.self), ("probe", ProbeCommand.self),
        ("run", RunCommand.self),
        ("artifact", ArtifactCommand.self), ("builders", BuildersCommand.self), ("handler", HandlerCommand.self),
        ("drill", DrillCommand.self), ("list", ListCommand.self), ("explain", ExplainCommand.self),
        ("report", ReportCommand.self), ("history", HistoryCommand.self), ("watch", WatchCommand.self),
        ("completions", CompletionsCommand.self), ("licenses", LicensesCommand.self), ("version", VersionCommand.self),
    ]

    /// Those that nearly always start probes of the core image.
    private static let startProbes: Set = ["accept", "host", "probe"]

    /// What people type first, and what does it here.
    private static let guesses: [(words: [String], meant: String)] = [
        (["check", "test", "verify", "judge"], "accept"),
        (["doctor", "status", "info", "inspect", "diagnose"], "host"),
        (["fix", "repair"], "host --fix"), (["install", "register", "setup"], "handler install"),
        (["image", "scan", "verify-image"], "artifact"), (["build", "builder"], "builders"),
        (["license", "notice"], "licenses"),
        (["daemon", "serve", "monitor"], "watch"), (["merge", "render", "npd"], "report"),
        (["completion", "complete"], "completions"),
    ]

    /// The same, of an image or an archive that is named after it.
    private static let imageGuesses: Set = ["check", "test", "verify", "judge", "inspect", "info", "diagnose"]

    static let version = "0.1.0"

    static func main(_ arguments: [String]) {
        _ = Calibration.start
        do {
            StandardStreams.makeWhole()
            try CallFailure.naming("pipe2") { try Interrupt.install() }
            Stop.descriptor = Interrupt.descriptor
            if let word = arguments.first, startProbes.contains(word) {
                EarlyLook.shared.begin(for: .usual, in: CallerEnvironment.cacheDirectory)
            }
            var command = try parse(arguments)
            do { try command.run() } catch let error as ValidationError {
                Failure.usage(error, of: type(of: command))
            }
            Glibc.exit(ExitStatus.fit.rawValue)
        } catch {
            Failure(error).exit()
        }
    }

    /// Lets the subcommand parse the rest of the command line. Through the root it would be parsed four times (for
    /// completion scripts, for the root), which takes longer than inspecting the host.
    private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
        // Status 0 would mean that something was found fit.
        if arguments.isEmpty { throw Unasked(help: helpMessage()) }
        if arguments == ["help", "options"] {
            try StandardOutput.write(own: Array("\(UsageMessage(AcceptCommand.helpMessage()).shared)\n".utf8))
            throw ExitCode.success
        }
        if let words = VersionCommand.words(arguments) { return try parse(["version"] + words) }
        if let chosen = commands.first(where: { $0.name == arguments.first })?.type {
            let words = CommandWords.optioned(Array(arguments.dropFirst()), of: chosen)
            do { return try chosen.parseAsRoot(words) } catch {
                if let unknown = unknownSubcommand(words.first, of: chosen, unless: error) { throw unknown }
                Failure.usage(unknownOption(in: words, of: chosen, unless: error) ?? error, of: chosen)
            }
        }
        if arguments[0] == "---completion" { throw try answered(arguments) }
        // `help` takes a command too.
        let word = arguments[0] == "help" ? arguments.dropFirst().first : arguments[0]
        if let word, !word.hasPrefix("-"), word != "help", !commands.contains(where: { $0.name == word }) {
            var unknown = UnknownName(kind: "command", name: word, known: commands.map { $0.name })
            let isOfSomething = arguments.last { !$0.hasPrefix("-") } != word && imageGuesses.contains(word)
            unknown.nearest =
                isOfSomething ? "artifact" : guesses.first { $0.words.contains(word) }?.meant ?? unknown.nearest
            throw unknown
        }
        do { return try parseAsRoot(arguments) } catch { Failure.usage(error, of: Assay.self) }
    }

    /// The error about a subcommand that does not exist, where ArgumentParser only calls its name an unexpected argument.
    private static func unknownSubcommand(
        _ word: String?, of command: any ParsableCommand.Type, unless error: any Error
    ) -> UnknownName? {
        let known = command.configuration.subcommands.filter { $0.configuration.shouldDisplay }
            .map { $0._commandName }
        let said = command.message(for: error).lowercased()
        guard let word, !known.isEmpty, !known.contains(word), said.contains("'\(word.lowercased())'"),
            said.contains("unexpected argument")
        else { return nil }
        return UnknownName(kind: "command of assay \(command._commandName)", name: word, known: known)
    }

    /// The error about an option that does not exist, where ArgumentParser only missed an argument: it looks for that first.
    /// With one more word nothing is missing.
    private static func unknownOption(
        in words: [String], of command: any ParsableCommand.Type, unless error: any Error
    ) -> (any Error)? {
        guard command.message(for: error).hasPrefix("Missing expected argument") else { return nil }
        do { _ = try command.parseAsRoot(words + ["-"]) } catch
            where command.message(for: error).hasPrefix("Unknown option")
        { return error } catch {}
        return nil
    }

    /// Answers a completion script that asks for names. What it cannot answer, such as the script of another version, ends
    /// without a message, which would be written into the line that is being typed.
    private static func answered(_ arguments: [String]) throws -> ExitCode {
        do { _ = try CompletedAssay.parseAsRoot(arguments) } catch  where exitCode(for: error) == .success {
            try StandardOutput.write(own: Array("\(CompletedAssay.fullMessage(for: error))\n".utf8))
            return .success
        } catch {}
        return ExitCode(ExitStatus.usage.rawValue)
    }
}
