import Binfmt
import Evidence
import Glibc
import Guest

/// Finds an interpreter that works only where the host's files are visible: a wrapper, or a script.
struct HostFilesRules {
    let host: HostEvidence
    let handler: Handler
    /// The file that is missing in a container; nil if that could not be seen.
    let file: String?
    /// The references of the probes that this ended.
    let checks: [String]
    private let proof: [String]

    /// Nil if nothing of the kind was seen.
    init?(host: HostEvidence, probes: [ProbeEvidence]) {
        guard let handler = host.handler(), let interpreter = host.interpreter else { return nil }
        self.host = host
        self.handler = handler
        let ranOnHost = probes.contains { $0.didRun && !$0.venue.hasRoot }
        let ranInRoot = probes.contains { $0.didRun && $0.venue.hasRoot }
        let failed = probes.filter { $0.speaksOfEmulator && Self.isInQuestion($0, interpreter) }
        guard !failed.isEmpty, !ranInRoot else { return nil }
        checks = failed.map(\.reference)
        var proof = interpreter.script.map { ["\(interpreter.path): a script of \($0)"] } ?? []
        if interpreter.script != nil, handler.flags.contains("O") || handler.keepsCredentials {
            proof.append("flags \(handler.flags): the kernel hands it an open descriptor, and starts no script then")
        }
        let trial = host.emptyRoot
        // A file that should have been executed tells more than one that was opened. An opened file explains the
        // failure only if the host has it.
        let executed = trial?.missing.last { $0.wasExecuted }
        let opened = ranOnHost ? trial?.missing.last { $0.isOnHost } : nil
        let said = failed.lazy.compactMap { probe -> String? in
            if case .file(let path) = EmulatorWords(probe.words) { path } else { nil }
        }.first
        if let missing = executed ?? opened {
            file = missing.path
            proof.append(
                "in an empty root: \(missing.wasExecuted ? "execve" : "open")(\(missing.path)): No such file or directory; the host "
                    + (missing.isOnHost ? "has it" : "does not have it either"))
        } else if let said {
            file = said
            proof += failed.prefix(1).map { "\($0.reference): \($0.words)" }
        } else if let script = interpreter.script {
            file = script
        } else if ranOnHost, failed.allSatisfy({ $0.venue.hasRoot }), let failure = trial?.failure {
            file = nil
            proof.append("which file could not be seen: \(failure)")
        } else {
            return nil
        }
        self.proof = proof + failed.prefix(3).map { "\($0.reference): \(Self.words(of: $0))" }
    }

    private static func isInQuestion(_ probe: ProbeEvidence, _ interpreter: InterpreterEvidence) -> Bool {
        switch probe.result {
        case .unproven, .silent: true
        case .refused(ENOENT, _): probe.venue.hasRoot && interpreter.script != nil
        // With an open descriptor for its interpreter, the kernel takes no script: exec_binprm() in fs/exec.c.
        case .refused(ENOEXEC, _): interpreter.script != nil
        default: false
        }
    }

    private static func words(of probe: ProbeEvidence) -> String { ProbeJudge(probe, twin: nil).detail }

    func finding(_ remedy: Remedy) -> Finding {
        let path = host.interpreter?.path ?? handler.name
        let need = file.map { "\(path) needs \($0)" } ?? "\(path) needs files of the host"
        return Finding(
            .interpreterNeedsHostFiles,
            summary: "\(need), which no \(host.guest.architecture) container has",
            evidence: remedy.quote(handler) + proof,
            remedy: remedy.withoutWrapper(), checks: checks)
    }
}
