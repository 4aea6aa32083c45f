import Binfmt
import ELF
import Evidence
import Glibc
import Guest

/// Judges why the kernel does, or does not, hand the guest's programs to a working interpreter.
struct RegistryRules {
    let host: HostEvidence
    let probes: [ProbeEvidence]

    private var remedy: Remedy { Remedy(host: host) }
    private var emulationWorks: Bool { probes.contains(where: \.didRun) }
    /// Whether no program was refused for lack of a handler, although some were tried.
    private var isUnproven: Bool { !probes.isEmpty && refused([ENOEXEC]).isEmpty }
    /// Whether every entry was read, so that an entry that is not listed does not exist.
    private var isWhole: Bool { host.registry.unread.isEmpty }

    var findings: [Finding] {
        if host.isGuestNative {
            return [
                Finding(
                    .hostNative,
                    summary: host.ranByItself
                        ? "\(Self.nativeWords(host)), without an emulator"
                        : "this host is \(host.machine): probes run natively",
                    evidence: ["uname -m: \(host.machine)"] + (host.ranByItself ? ["no entry takes what ran"] : []))
            ]
        }
        switch host.registry.state {
        case .unavailable(let reason, let known):
            // A registry that could not be read may exist. Only programs that the kernel refused speak against it.
            return isWhole || !refused([ENOEXEC]).isEmpty ? [unavailable(reason, known)] : []
        case .disabled:
            let path = "\(host.registry.directory)/status"
            return [
                Finding(
                    .binfmtMiscDisabled, summary: "\(path) says disabled: no handler applies",
                    evidence: ["\(path): disabled"],
                    remedy: remedy.inRegistry(remedy.write("1", to: "status")), checks: refused([ENOEXEC]))
            ]
        case .enabled: break
        }
        let shape =
            isWhole ? HandlerShapeRules(host: host, remedy: remedy, refused: refused([ENOEXEC])).findings : []
        guard let handler = host.handler() ?? host.handler(type: .shared) else {
            return shape.isEmpty && isWhole ? [absent] : shape
        }
        let interpreter = InterpreterRules(host: host, handler: handler, remedy: remedy, probes: probes).findings
        let flags = HandlerFlagRules(handler: handler, remedy: remedy, probes: probes)
            .findings(interpreterFailed: interpreter.contains { $0.severity == .error } || runsNothing)
        return consistent(shape + interpreter + flags + otherFlags(handler) + otherInterpreters)
    }

    /// Whether the interpreter started on the host, where its path is seen, and no program proved itself there: then it is no
    /// emulator, and what happens to its path in containers explains nothing.
    private var runsNothing: Bool {
        let onHost = probes.filter { $0.venue == .direct }
        return !onHost.contains(where: \.didRun)
            && onHost.contains { probe in
                switch probe.result {
                case .unproven, .silent, .crashed: true
                default: false
                }
            }
    }

    /// Entries for other kinds of the guest's programs whose interpreters do not run these. A start that the kernel refused,
    /// or that a shortage ended, tells nothing.
    private var otherInterpreters: [Finding] {
        host.otherShapes.compactMap { trial in
            guard let handler = host.registry.handlers.first(where: { $0.name == trial.handler }) else { return nil }
            switch trial.result {
            case .unproven, .silent, .failed, .crashed: break
            default: return nil
            }
            let judged = ProbeJudge(probe: "exec.static", result: trial.result)
            return Finding(
                .interpreterWrongProgram,
                summary:
                    "\(handler.interpreter ?? handler.name) does not run \(trial.shape) programs, which \(handler.name) takes",
                evidence: remedy.quote(handler) + ["the smallest program in that form: \(judged.detail)"],
                remedy: remedy.register(replacing: handler))
        }
    }

    /// Judges the flags of the entries that win for other kinds of the guest's programs. No probe tells of these.
    private func otherFlags(_ handler: Handler) -> [Finding] {
        var (seen, found) = ([handler.name], [Finding]())
        for (_, other) in host.registry.winners(for: host.guest) where !seen.contains(other.name) {
            seen.append(other.name)
            found += HandlerFlagRules(handler: other, remedy: remedy, probes: []).findings(interpreterFailed: false)
        }
        return found
    }

    /// Findings whose remedies can be typed one after the other. What registers a new entry removes all that take the
    /// guest's programs: to remove one of them by its name may then remove the new one.
    private func consistent(_ findings: [Finding]) -> [Finding] {
        guard
            let first = findings.first(where: {
                switch $0.change {
                case .register(_, let replaced): replaced != nil
                case .install: true
                case .remove, nil: false
                }
            })
        else { return findings }
        return findings.map { finding in
            guard case .remove = finding.change else { return finding }
            var finding = finding
            (finding.remedy, finding.change) = (first.remedy, first.change)
            return finding
        }
    }

    /// Why nothing of the path is needed.
    static func nativeWords(_ host: HostEvidence) -> String {
        host.ranByItself
            ? "this host's kernel runs \(host.guest.architecture) programs itself"
            : "this host is \(host.guest.architecture) itself"
    }

    private func unavailable(_ reason: String, _ known: Bool) -> Finding {
        // A container often does not see the registry, while the host's handlers apply in it all the same.
        Finding(
            .binfmtMiscUnavailable, severity: emulationWorks || isUnproven ? .info : .error,
            summary: emulationWorks
                ? "the registry is not visible here, though \(host.guest.architecture) programs do run" : reason,
            evidence: [reason, "/proc/filesystems \(known ? "lists" : "does not list") binfmt_misc"],
            remedy: remedy.mount(kernelKnowsIt: known), checks: refused([ENOEXEC]))
    }

    /// No enabled entry matches: one is disabled, or there is none.
    private var absent: Finding {
        let header = host.guest.header()
        if let disabled = host.registry.handlers.first(where: { $0.matches(header) }) {
            return Finding(
                .handlerDisabled,
                summary: "the entry \(disabled.name) takes \(host.guest.name) programs, and is disabled",
                evidence: remedy.quote(disabled), remedy: remedy.inRegistry(remedy.write("1", to: disabled.name)),
                checks: refused([ENOEXEC]))
        }
        if let entry = host.entryElsewhere {
            return Finding(
                .handlerMissing,
                summary:
                    "the registry at \(host.registry.directory) is not the one that the kernel asks here: its \(entry.name) takes \(host.guest.name) programs, and they are refused",
                evidence: remedy.quote(entry),
                cause:
                    "A mount shows the registry of another user namespace, while this one has a registry of its own, in which no entry takes "
                    + "the program.",
                remedy: remedy.mountOwn, checks: refused([ENOEXEC]))
        }
        let names = host.registry.handlers.map(\.name)
        return Finding(
            .handlerMissing,
            summary: "none of \(names.count) entries in \(host.registry.directory) takes \(host.guest.name) programs",
            evidence: ["entries: \(names.isEmpty ? "none" : names.joined(separator: " "))"]
                + host.candidates.map { "installed: \($0)" } + host.bootObstacles.map { "at boot: \($0)" } + access,
            cause: cause,
            remedy: remedy.register(), checks: refused([ENOEXEC]))
    }

    /// Why none is registered, if more is known than what the catalogue says.
    private var cause: String? {
        let boot = host.bootObstacles.first.map {
            "Nothing registers one at boot as long as this stands: \($0)."
        }
        let known = [remedy.accessCause, boot].compactMap(\.self)
        return known.isEmpty ? nil : ([FindingCode.handlerMissing.entry.cause] + known).joined(separator: " ")
    }

    /// The result of trying to write to the registry.
    private var access: [String] {
        switch host.registryAccess {
        case .writable, .refused: []
        case .readOnly: ["access(\(host.registry.directory)/register, W_OK): read-only file system"]
        case .foreign(let own):
            ["access(\(host.registry.directory)/register, W_OK) as root: permission denied"]
                + [
                    {
                        switch own {
                        case .possible: "mounting a registry of its own in a user namespace: works"
                        case .impossible(let reason): "a registry of its own: \(reason)"
                        }
                    }()
                ] + (host.securityLabel.map { ["/proc/self/attr/current: \($0)"] } ?? [])
        }
    }

    private func refused(_ errors: Set<Int32>) -> [String] { probes.refused(errors) }
}

extension [ProbeEvidence] {
    /// The references of the probes that the kernel refused with one of these errnos.
    func refused(_ errors: Set<Int32>) -> [String] {
        compactMap { probe in
            guard case .refused(let error, _) = probe.result, errors.contains(error) else { return nil }
            return probe.reference
        }
    }
}
