import ArgumentParser
import Scenarios

/// `--interpreter`: judge another QEMU, without touching the host.
struct InterpreterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Judge this interpreter instead of the host's: in a private registry, the host's own is not touched.",
            valueName: "path"))
    var interpreter: String?

    @Option(help: ArgumentHelp("Flags to register it with.", valueName: "POCF"))
    var flags: String = "POCF"

    func validate() throws {
        if let interpreter, !interpreter.hasPrefix("/") {
            throw ValidationError("--interpreter takes an absolute path, as the kernel does: not \"\(interpreter)\".")
        }
        if let wrong = flags.first(where: { !"POCF".contains($0) }) {
            throw ValidationError("--flags knows P, O, C and F: not \"\(wrong)\".")
        }
    }

    /// Moves this process into the private registry, where one was asked for.
    func apply() throws {
        if let interpreter { try WhatIf(interpreter: interpreter, flags: flags).apply() }
    }
}
