import Archive
import ArgumentParser
import Files
import Glibc
import History
import HistoryStore
import Operations
import Processes
import Reports
import ScenarioFormat
import Suite

/// There is nothing to judge or to show.
struct NothingSelected: Error, CustomStringConvertible {
    let description: String

    init(_ why: String) { description = "nothing was selected: \(why)" }
    init(recordedIn path: String) { description = "nothing is recorded in \(path)" }
}

/// No command or subcommand was given. The exit status must not be 0, which would mean that something was found fit.
struct Unasked: Error {
    let help: String

    init(help: String) { self.help = help }
    init(_ command: any ParsableCommand.Type) { help = command.helpMessage() }
}

/// An error on its way out of the program: one line on standard error, and a documented exit status.
struct Failure {
    let error: any Error

    init(_ error: any Error) { self.error = error }

    func exit() -> Never {
        // The usual case: everything is written, and nothing is left to clean up.
        if let code = error as? ExitCode { Glibc.exit(code.rawValue) }
        if let status = Interrupt.exitStatus { Assay.exit(withError: ExitCode(status)) }
        let status: ExitStatus
        switch error {
        case let error as Unasked:
            StandardError.write("\(lines: error.help)\n")
            Assay.exit(withError: ExitCode(ExitStatus.usage.rawValue))
        case is NothingSelected: status = .nothingSelected
        case let error as any InputError where error.lacksInput: status = .noInput
        case is UnknownName, is UnconfinedProgram, is EntrypointRequest.Impossible, is SuiteError: status = .usage
        case is PolicyFile.Malformed, is MalformedInput: status = .malformedInput
        case let error as ScenarioErrors:
            // Each line is `file:line:column: …`, which editors recognize.
            StandardError.write("\(lines: error)\n")
            Assay.exit(withError: ExitCode(ExitStatus.malformedInput.rawValue))
        case let error as ArchiveError: status = error.code == .io ? .undetermined : .malformedInput
        case let error as HistoryError: status = error.exitStatus
        case let error as HandlerRefusal: status = error.code == .refused ? .unfit : .undetermined
        case is MalformedReport: status = .malformedInput
        // Help that was requested. A command line that a command rejects has ended in `usage(_:of:)`.
        case _ where Assay.exitCode(for: error) == .success: Self.usage(error, of: Assay.self)
        // Any other error left something undetermined.
        default: status = .undetermined
        }
        let advice = OwnShortage.advice(on: error).map { "; \($0)" } ?? ""
        StandardError.write("assay: \(error)\(advice)\n")
        Assay.exit(withError: ExitCode(status.rawValue))
    }

    /// Prints ArgumentParser's message and exits: requested help on standard output, a wrong command line on standard
    /// error. The message quotes arguments, so ArgumentParser must not print it itself.
    static func usage(_ error: any Error, of command: any ParsableCommand.Type) -> Never {
        let text = command.fullMessage(for: error)
        let code = command.exitCode(for: error)
        if code != .success {
            let takesForm =
                !command.configuration.subcommands.isEmpty || command.helpMessage().contains("--format")
            let message = NearestWord(message: text, takesForm: takesForm).corrected
            if !text.isEmpty { StandardError.write("\(lines: UsageMessage(message).short)\n") }
        } else {
            do { try StandardOutput.write(own: Array("\(UsageMessage(text).ordered)\n".utf8)) } catch {
                Assay.exit(withError: ExitCode(ExitStatus.undetermined.rawValue))
            }
        }
        Glibc.exit(code.rawValue)
    }
}
