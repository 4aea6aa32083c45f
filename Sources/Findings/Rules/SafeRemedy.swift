import Binfmt
public import Evidence
import Guest

/// A remedy that a machine may apply without anybody's judgement.
public struct SafeRemedy: Sendable, Equatable {
    /// What is registered in a private registry first, to check that it cures the fault.
    public struct Trial: Sendable, Equatable {
        public var interpreter: String
        public var flags: String

        public init(interpreter: String, flags: String) {
            self.interpreter = interpreter
            self.flags = flags
        }
    }

    /// The findings that it cures.
    public var codes: [FindingCode]
    /// The command, for sh(1).
    public var command: String
    /// Nil if the remedy only adds something: then nothing can become worse.
    public var trial: Trial?

    /// The safe remedies for `findings`, in the order of applying them. A command that cures several findings is there
    /// once.
    ///
    /// - Parameter host: the host's state when the findings were made.
    public static func among(_ findings: [Finding], host: HostEvidence?) -> [SafeRemedy] {
        guard let host else { return [] }
        var remedies: [SafeRemedy] = []
        for finding in findings {
            guard let trial = finding.trial(on: host) else { continue }
            if let index = remedies.firstIndex(where: { $0.command == finding.remedy }) {
                remedies[index].codes.append(finding.code)
            } else {
                remedies.append(SafeRemedy(codes: [finding.code], command: finding.remedy, trial: trial.first))
            }
        }
        return remedies
    }
}

extension Finding {
    /// What must be tried before the remedy is applied; empty if the remedy only adds something; nil if a machine must
    /// not apply it.
    ///
    /// A safe remedy changes only kernel state, which a reboot or one more write restores. It removes nothing that
    /// works, and its cost is no matter of opinion. So Assay installs no package, changes no file's mode, and loosens
    /// no sysctl. A missing `C` stays: with it, set-user-id programs get their owner's rights, which is the
    /// administrator's decision. A shadowed entry stays: it harms nobody today. An entry is replaced only if the fault
    /// is its own, another was shown to cure it, and it can be restored.
    fileprivate func trial(on host: HostEvidence) -> [SafeRemedy.Trial]? {
        let remedy = Remedy(host: host)
        guard severity == .error else { return nil }
        switch code {
        case .binfmtMiscUnavailable: return host.isRoot && !host.privileged ? nil : []
        case .binfmtMiscDisabled, .handlerDisabled: return remedy.isForHere ? [] : nil
        case .handlerMissing:
            guard case .register(_, nil) = change, remedy.isForHere,
                !host.registry.handlers.contains(where: { $0.name == host.guest.emulator })
            else { return nil }
            // A private registry hides the entries of the one below.
            let hides =
                host.registryAccess == .foreign(own: .possible) && host.registry.handlers.contains(where: \.enabled)
            return hides ? nil : []
        case .handlerWrongMagic, .handlerMaskTooStrict, .handlerTooBroad, .handlerNotFixed, .handlerRewritesArgv0,
            .interpreterMissing, .interpreterWrongProgram, .interpreterDynamic, .interpreterNeedsHostFiles:
            guard remedy.isForHere, case .register(let interpreter, let replaced?) = change,
                remedy.canComeBack(replaced)
            else { return nil }
            return [SafeRemedy.Trial(interpreter: interpreter, flags: remedy.flags(for: interpreter))]
        default: return nil
        }
    }
}

extension Remedy {
    /// Commands on the registry are for this machine, not for the host of this container.
    var isForHere: Bool {
        switch host.registryAccess {
        case .writable, .foreign(.possible): true
        case .refused, .readOnly: host.privileged || !host.isRoot
        case .foreign(.impossible): false
        }
    }

    /// Whether the entry can be registered again as it was. An entry with F holds a file open that may no longer exist.
    fileprivate func canComeBack(_ handler: Handler) -> Bool {
        guard handler.isFixed else { return true }
        guard let interpreter = host.interpreter, interpreter.path == handler.interpreter else {
            return handler.interpreter.map(host.candidates.contains) ?? false
        }
        guard interpreter.error == 0, interpreter.executable, let file = interpreter.file else { return false }
        return host.executed.map { $0.isSameFile(as: file) } ?? true
    }
}
