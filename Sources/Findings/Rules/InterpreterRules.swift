import Binfmt
import Evidence
import Glibc
import Guest

/// Judges whether an entry's interpreter exists, may be executed, and is the right program.
struct InterpreterRules {
    let host: HostEvidence
    let handler: Handler
    let remedy: Remedy
    let probes: [ProbeEvidence]

    var findings: [Finding] {
        guard let interpreter = host.interpreter else { return [] }
        // If the kernel runs another file than the one that is at the path now, the path explains nothing.
        let needs = HostFilesRules(host: host, probes: probes).map { [$0.finding(remedy)] }
        return (isElsewhere(interpreter) ? [] : needs ?? unusable(interpreter)) + stale(interpreter)
            + knownBad(interpreter)
    }

    /// At most one finding: the first fault explains the others.
    private func unusable(_ interpreter: InterpreterEvidence) -> [Finding] {
        let quote = remedy.quote(handler)
        func again() -> Advice { remedy.register(replacing: handler) }
        // Programs that ran did so through this entry, whatever is at the path.
        let ran = probes.contains(where: \.didRun)
        // With F the kernel holds the file open, so the path may lead nowhere.
        let isLookedUp = !handler.isFixed && !ran
        if isLookedUp && [ENOENT, ENOTDIR, ELOOP].contains(interpreter.error) {
            return [
                Finding(
                    .interpreterMissing,
                    summary: "\(interpreter.path), the interpreter of \(handler.name), does not exist",
                    evidence: quote + ["\(interpreter.path): \(String(cString: strerror(interpreter.error)))"],
                    remedy: again(), checks: probes.refused([ENOENT, EACCES, ENOTDIR]))
            ]
        }
        if isLookedUp && !interpreter.executable {
            return [
                Finding(
                    .interpreterNotExecutable, summary: "\(interpreter.path) may not be executed",
                    evidence: quote + ["access(\(interpreter.path), X_OK): permission denied"]
                        + (interpreter.noexecMount.map { ["\($0) is mounted noexec"] } ?? []),
                    remedy: permission(interpreter), checks: probes.refused([EACCES, ENOENT]))
            ]
        }
        // A file that this caller may execute but not read tells nothing more.
        guard interpreter.error == 0 else { return [] }
        if interpreter.isForeign, !ran, let target = interpreter.target {
            return [
                Finding(
                    .interpreterWrongProgram,
                    summary: "\(interpreter.path) is a program for \(target), not for this host (\(host.machine))",
                    evidence: quote + ["\(interpreter.path): ELF, \(target)"], remedy: again(),
                    checks: probes.refused([ENOEXEC, ELOOP, ENOENT, EACCES, EINVAL]))
            ]
        }
        if let damage = interpreter.damage, !ran {
            return [
                Finding(
                    .interpreterWrongProgram,
                    summary: "\(interpreter.path) is damaged: an ELF program that is cut off or overwritten",
                    evidence: quote + ["\(interpreter.path): \(damage)"], remedy: again(),
                    checks: probes.filter(\.isFailure).map(\.reference))
            ]
        }
        if interpreter.target == nil && handler.isFixed && !ran {
            return [
                Finding(
                    .interpreterWrongProgram,
                    summary: "\(interpreter.path) is no ELF program: with F the kernel cannot start it",
                    evidence: quote + ["\(interpreter.path): no ELF header"], remedy: again(),
                    checks: probes.refused([ENOEXEC, ENOENT, EACCES, EINVAL]))
            ]
        }
        // Linking statically does not help if the interpreter is another program altogether.
        let unproven = probes.contains { if case .unproven = $0.result { true } else { false } }
        let ranInRoot = probes.contains { $0.didRun && $0.venue != .direct }
        if let loader = interpreter.loader, handler.isFixed, !unproven, !ranInRoot {
            return [
                Finding(
                    .interpreterDynamic,
                    summary: "\(interpreter.path) needs \(loader), which no \(host.guest.architecture) container has",
                    evidence: quote + ["\(interpreter.path): PT_INTERP \(loader)"], remedy: again(),
                    checks: probes.refused([ENOENT, EACCES, ENOTDIR, ELIBBAD]))
            ]
        }
        return []
    }

    /// The remedy that makes it executable: its mode, or another file if the mode does not help.
    private func permission(_ interpreter: InterpreterEvidence) -> Advice {
        let change = "chmod 755 \(shellQuoted(interpreter.path))"
        guard let mount = interpreter.noexecMount else { return Advice(remedy.asRoot(change)) }
        let remount = "mount -o remount,exec \(shellQuoted(mount))"
        return remedy.registerAnother(replacing: handler)
            ?? Advice(remedy.asRoot(interpreter.hasExecuteBit ? remount : "\(change) && \(remount)"))
    }

    /// Whether the kernel, by F, holds another file than the one that the path leads to.
    private func isElsewhere(_ interpreter: InterpreterEvidence) -> Bool {
        // A wrapper that unpacks itself executes a file that never had a name: the kernel holds another.
        guard handler.isFixed, let ran = host.executed, !ran.path.hasPrefix("/memfd:") else { return false }
        let gone = ran.path.hasSuffix(" (deleted)")
        return gone || interpreter.file.map { !$0.isSameFile(as: ran) && $0.path == ran.path } ?? false
    }

    private func stale(_ interpreter: InterpreterEvidence) -> [Finding] {
        guard isElsewhere(interpreter), let ran = host.executed else { return [] }
        let now = interpreter.file.map { "\($0.path): inode \($0.inode)" } ?? "\(interpreter.path): not there"
        return [
            Finding(
                .interpreterStale,
                summary: interpreter.file == nil
                    ? "\(interpreter.path) is gone: what runs is the file that the kernel opened when it was registered, until the next boot"
                    : "what runs is not \(interpreter.path) as it is now, but the file it replaced",
                evidence: remedy.quote(handler) + ["/proc/PID/exe -> \(ran.path), inode \(ran.inode)", now],
                remedy: remedy.register(replacing: handler))
        ]
    }

    private func knownBad(_ interpreter: InterpreterEvidence) -> [Finding] {
        guard let version = interpreter.version else { return [] }
        let rows = KnownBadVersion.matching(version)
        guard !rows.isEmpty else { return [] }
        return [
            Finding(
                .interpreterKnownBad, summary: "\(interpreter.path) is QEMU \(version): \(rows[0].symptom)",
                evidence: ["\(interpreter.path) --version: \(version)"] + rows.map(\.text),
                remedy: remedy.anotherInterpreter())
        ]
    }
}
