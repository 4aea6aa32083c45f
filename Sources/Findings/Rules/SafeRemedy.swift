import Binfmt
public import Evidence
import Guest

/// A remedy that a machine may apply without anybody's judgement.
public struct SafeRemedy: Sendable, Equatable {
    /// What is registered in a private registry first, to see that it mends the fault.
    public struct Trial: Sendable, Equatable {
        public var interpreter: String
        public var flags: String

        public init(interpreter: String, flags: String) {
            self.interpreter = interpreter
            self.flags = flags
        }
    }

    /// What it mends.
    public var codes: [FindingCode]
    /// For sh(1).
    public var command: String
    /// Nil where the remedy only adds what was not there: then nothing can become worse.
    public var trial: Trial?

    /// Those of `findings`, in the order in which they are to be applied; one command once, whatever it mends.
    ///
    /// - Parameter host: as it was when the findings were made.
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
    /// What is to be tried before the remedy is applied: none where it only adds; nil where it is not for a machine to apply.
    ///
    /// A safe remedy changes kernel state alone, which a reboot or one more write brings back; it takes away nothing that works; and what it
    /// costs is no matter of opinion. So a package is never installed, no file's mode changed, no sysctl loosened. A missing `C` stays as it is:
    /// with it, set-user-id programs gain their owner's rights, which is for the administrator to decide. A shadowed entry stays, for it harms
    /// nobody today. An entry is replaced only where the fault is its own, another was shown to cure it, and it can be brought back.
    fileprivate func trial(on host: HostEvidence) -> [SafeRemedy.Trial]? {
        let remedy = Remedy(host: host)
        guard severity == .error else { return nil }
        switch code {
        case .binfmtMiscUnavailable: return host.isRoot && !host.privileged ? nil : []
        case .binfmtMiscDisabled, .handlerDisabled: return remedy.isForHere ? [] : nil
        case .handlerMissing:
            let adds = remedy.registration != nil && remedy.registration == self.remedy && remedy.isForHere
            // A registry of one's own hides the entries of the one below it.
            let hides =
                host.registryAccess == .foreign(own: .possible) && host.registry.handlers.contains(where: \.enabled)
            return adds && !hides ? [] : nil
        case .handlerWrongMagic, .handlerMaskTooStrict, .handlerTooBroad, .handlerNotFixed, .handlerRewritesArgv0,
            .interpreterMissing, .interpreterWrongProgram, .interpreterDynamic, .interpreterNeedsHostFiles:
            guard remedy.isForHere, let handler = remedy.replaced(by: self.remedy), remedy.canComeBack(handler) else {
                return nil
            }
            return remedy.candidate(in: self.remedy, replacing: handler)
                .map { [SafeRemedy.Trial(interpreter: $0, flags: remedy.flags(for: $0))] }
        default: return nil
        }
    }
}

extension Remedy {
    /// Commands on the registry are for this machine, not for the host of this container.
    fileprivate var isForHere: Bool {
        switch host.registryAccess {
        case .writable, .foreign(.possible): true
        case .refused, .readOnly: host.privileged || !host.isRoot
        case .foreign(.impossible): false
        }
    }

    /// The command that registers where nothing is in the way; nil where this host has no interpreter, or the name is taken.
    fileprivate var registration: String? {
        let name = host.guest.emulator
        guard !host.candidates.isEmpty, !host.registry.handlers.contains(where: { $0.name == name }) else { return nil }
        return register()
    }

    /// The entry that the command replaces.
    fileprivate func replaced(by command: String) -> Handler? {
        host.registry.handlers.first { candidate(in: command, replacing: $0) != nil }
    }

    /// The interpreter of this host that the command registers in the entry's place.
    fileprivate func candidate(in command: String, replacing handler: Handler) -> String? {
        host.candidates.first { exchanged(handler, for: $0) == command }
    }

    /// The entry can be registered again as it was. One with F holds a file open, which may not be there any more.
    fileprivate func canComeBack(_ handler: Handler) -> Bool {
        guard handler.isFixed else { return true }
        guard let interpreter = host.interpreter, interpreter.path == handler.interpreter else {
            return handler.interpreter.map(host.candidates.contains) ?? false
        }
        guard interpreter.error == 0, interpreter.executable, let file = interpreter.file else { return false }
        return host.executed.map { $0.isSameFile(as: file) } ?? true
    }
}
