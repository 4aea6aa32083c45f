import Glibc

/// Turns what happened to one probe into an outcome.
struct ProbeJudge {
    var outcome: Outcome
    var detail: String
    /// The finding that a failure stands for by itself; nil where the host rules must explain it.
    var code: FindingCode?

    /// - Parameter twin: the same probe, run natively.
    init(_ evidence: ProbeEvidence, twin: ProbeEvidence?) {
        self.init(evidence)
        // What real hardware does not do either is no fault of the emulator's, but the probe's own.
        if outcome == .fail, case .failed(let expected, let seen)? = twin?.result {
            outcome = .broken
            detail = "the probe itself is wrong: natively, expected \(expected); seen \(seen)"
            code = nil
        }
    }

    private init(_ evidence: ProbeEvidence) {
        switch evidence.result {
        case .passed(let note): self.init(.pass, note ?? "")
        case .failed(let expected, let seen):
            // Arguments that arrive shifted are the handler's doing: HandlerFlagRules tells.
            let code: FindingCode? = evidence.probe == "exec.argv0" ? nil : .emulationWrongResult
            self.init(.fail, "expected \(expected); seen \(seen)", code)
        case .skipped(let reason): self.init(.skip, reason)
        case .notApplicable(let reason): self.init(.skip, reason)
        case .crashed(let signal, let message):
            self.init(
                .fail, message.isEmpty ? "killed by signal \(signal)" : "signal \(signal): \(message)",
                .emulationCrashes)
        case .hung(let limit): self.init(.fail, "no result within \(limit.milliseconds) ms", .emulationHangs)
        case .silent(let status): self.init(.fail, "ended with status \(status) and no result", .emulationWrongResult)
        case .unproven(let detail): self.init(.fail, detail, .interpreterWrongProgram)
        case .refused(let error, let text):
            // These errnos are the kernel's judgement of the program or of its handler; others, such as out of
            // memory, are this harness's own trouble.
            let judged: Set<Int32> = [ENOEXEC, ENOENT, EACCES, EPERM, ELIBBAD, EINVAL, ELOOP, ENOTDIR]
            self.init(judged.contains(error) ? .fail : .broken, "execve: \(text)")
        case .noVenue(let stage, _, let text): self.init(.broken, "\(stage): \(text)")
        case .lost(let reason): self.init(.broken, reason)
        }
    }

    private init(_ outcome: Outcome, _ detail: String, _ code: FindingCode? = nil) {
        self.outcome = outcome
        self.detail = detail
        self.code = code
    }
}

extension Duration {
    /// In milliseconds, with the fraction.
    public var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}
