import ArgumentParser
import Guest
import Operations
import Probes

/// `--interpreter`: judge another QEMU without changing the host.
struct InterpreterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Judge this interpreter instead of the host's: in a private registry, the host's own is not touched.",
            valueName: "path"), completion: .file())
    var interpreter: String?

    @Option(help: ArgumentHelp("Flags to register it with (default: POCF or OCF).", valueName: "POCF"))
    var flags: String?

    @Flag(help: "The same in the host's registry: before Linux 6.7, as root.")
    var hostRegistry = false

    func validate() throws {
        if hostRegistry, interpreter == nil {
            throw ValidationError("--host-registry says where to register --interpreter, and none is given.")
        }
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
                guest: settings.guest, isNamed: option.isNamed, interpreter: interpreter, flags: flags)
        } catch {
            throw ValidationError("--interpreter: \(error).")
        }
        settings.guest = trial.guest
        if hostRegistry {
            settings.markedTrial = try trial.marked()
        } else {
            try trial.apply()
        }
        return [trial.guest]
    }

    /// Other programs than the core image's carry no marker, and would go to the host's own handler.
    ///
    /// - Throws: `ValidationError`.
    func demandCore(_ images: [Image]) throws {
        if hostRegistry, images.contains(where: { $0.name != Image.coreName || $0.isForeign }) {
            throw ValidationError(
                "--host-registry is for the core image: other programs would go to the host's own handler.")
        }
    }
}
