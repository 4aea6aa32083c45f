import Binfmt
import Evidence
import Guest

/// A finding's remedy as a command of this program. A person can type it, while the kernel's own interface takes a line
/// of hexadecimal digits.
struct OwnCommand {
    private let host: HostEvidence
    private let program: String

    /// Nil if this program's path is unknown, or if it could not do it from here.
    init?(_ host: HostEvidence) {
        guard let program = host.program, !host.isWhatIf, Remedy(host: host).isForHere,
            host.registryAccess != .readOnly, host.privileged || !host.isRoot
        else { return nil }
        self.host = host
        self.program = shellQuoted(program)
    }

    /// The finding, with a command that does what its remedy does, if there is one.
    func added(to finding: Finding) -> Finding {
        var finding = finding
        finding.command = command(for: finding)
        return finding
    }

    private func command(for finding: Finding) -> String? {
        switch finding.code {
        case .binfmtMiscUnavailable where finding.severity == .error: return asRoot("host --fix --yes")
        case .binfmtMiscDisabled, .handlerDisabled: return asRoot("host --fix --yes")
        default: break
        }
        switch finding.change {
        case .register(let interpreter, let replaced): return install(replacing: replaced != nil, interpreter)
        case .install(let package):
            // A package may register a handler of its own.
            return "\(sudo)\(package) && \(install(replacing: true, nil))"
        case .remove(let handlers):
            return handlers.map { asRoot("handler remove \(shellQuoted($0.name))") }.joined(separator: " && ")
        case nil: return nil
        }
    }

    private func install(replacing: Bool, _ interpreter: String?) -> String {
        var words = "handler install"
        let namesake = host.registry.handlers.first { $0.name == host.guest.emulator }
        if let namesake, !namesake.takes(host.guest), !namesake.startsEmulator(of: host.guest) {
            // An entry for other files stays, whatever it is called.
            words += " --name \(host.guest.emulator)-assay"
            if host.registry.handlers.contains(where: { $0.takes(host.guest) }) { words += " --replace" }
        } else if replacing || namesake != nil {
            words += " --replace"
        }
        if host.persists { words += " --persist" }
        // The command chooses the best interpreter by itself.
        if let interpreter, interpreter != host.candidates.first {
            words += " --interpreter \(shellQuoted(interpreter))"
        }
        return asRoot(words)
    }

    private var sudo: String { host.isRoot ? "" : "sudo " }

    private func asRoot(_ words: String) -> String {
        "\(sudo)\(program) \(words)" + (host.guest.namedPlatform.map { " --platform \($0)" } ?? "")
    }
}
