import Archive
import ArgumentParser
import Binfmt
import Glibc
import History
import Probes
import Reports
import Sandbox
import Scenarios
import SystemPackage

/// An error on its way out of the program: one line on standard error, and a documented exit status.
struct Failure {
    let error: any Error

    init(_ error: any Error) { self.error = error }

    func exit() -> Never {
        // The usual way out, by the shortest path: everything is written, and nothing is left to clean up.
        if let code = error as? ExitCode { Glibc.exit(code.rawValue) }
        if let status = Interrupt.exitStatus { Assay.exit(withError: ExitCode(status)) }
        let status: ExitStatus
        switch error {
        case is UnknownName, is EntrypointRequest.Impossible, is SuiteError: status = .usage
        case is PolicyFile.Malformed, is MalformedInput: status = .malformedInput
        case let error as ScenarioFaults:
            // Each line is `file:line:column: …`, as editors look for it.
            StandardError.write("\(error)\n")
            Assay.exit(withError: ExitCode(ExitStatus.malformedInput.rawValue))
        case let error as ArchiveError: status = error.code == .io ? .undetermined : .malformedInput
        case let error as HistoryError: status = error.exitStatus
        case is Surroundings.NoHistoryPath: status = .undetermined
        case let error as HandlerRefusal: status = error.code == .refused ? .unfit : .undetermined
        case is MalformedReport: status = .malformedInput
        case is UnreadableReport, is PolicyFile.Unreadable, is Errno, is ImageNotBuilt, is WhatIf.Impossible,
            is RegistryError, is HandlerChange.Stranded:
            status = .undetermined
        default: Assay.exit(withError: error)
        }
        StandardError.write("assay: \(error)\n")
        Assay.exit(withError: ExitCode(status.rawValue))
    }
}
