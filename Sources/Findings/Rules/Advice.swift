import Binfmt
import Evidence

/// What a remedy changes in the registry, for those who carry it out.
enum RegistryRemedy: Sendable, Equatable {
    /// Registers an interpreter of this host, in place of an entry.
    case register(interpreter: String, replacing: Handler?)
    /// Installs a package with an emulator, and registers that.
    case install(package: String)
    /// Removes entries.
    case remove([Handler])
}

/// A remedy: what to type, and what that changes in the registry, if it does.
struct Advice {
    var text: String
    var change: RegistryRemedy?

    init(_ text: String, _ change: RegistryRemedy? = nil) {
        self.text = text
        self.change = change
    }
}

extension HostEvidence {
    /// What does away with variables: in the scenario whose step sets them, or in the caller's shell.
    func without(_ names: [String]) -> Advice {
        let names = (list: names.joined(separator: " "), areOfStep: names.allSatisfy(variablesOfStep.contains))
        return Advice(
            names.areOfStep ? "take \(names.list) out of the step's environment in the scenario" : "unset \(names.list)"
        )
    }
}
