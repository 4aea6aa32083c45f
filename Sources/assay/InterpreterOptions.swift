import ArgumentParser
import Guest
import Operations

/// `--interpreter`: judge another QEMU without changing the host.
struct InterpreterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Judge this interpreter instead of the host's: in a private registry, the host's own is not touched.",
            valueName: "path"), completion: .file())
    var interpreter: String?

    @Option(help: ArgumentHelp("Flags to register it with (default: POCF).", valueName: "POCF"))
    var flags: String?

    func validate() throws {
        if let interpreter, !interpreter.hasPrefix("/") {
            throw ValidationError("--interpreter takes an absolute path, as the kernel does: not \"\(interpreter)\".")
        }
        if interpreter == nil && flags != nil {
            throw ValidationError("--flags says how to register --interpreter, and none is given.")
        }
        if let wrong = flags?.first(where: { !"POCF".contains($0) }) {
            throw ValidationError("--flags knows P, O, C and F: not \"\(wrong)\".")
        }
    }

    /// Moves this process into a private registry if `--interpreter` was given.
    ///
    /// - Returns: whose programs are meant: the guests of the command line, or, where it names none, the interpreter's.
    func apply(to settings: inout Settings, for option: GuestOption) throws -> [Guest] {
        settings.isWhatIf = interpreter != nil
        guard let interpreter else { return option.guests }
        let trial: WhatIf
        do throws(WhatIf.Mismatch) {
            trial = try WhatIf(
                guest: settings.guest, isNamed: option.isNamed, interpreter: interpreter, flags: flags ?? "POCF")
        } catch {
            throw ValidationError("--interpreter: \(error).")
        }
        settings.guest = trial.guest
        try trial.apply()
        return [trial.guest]
    }
}
