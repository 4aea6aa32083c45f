import Evidence
import Glibc
import Processes

/// Judges one probe's result.
struct ProbeJudge {
    var outcome: Outcome
    var detail: String
    /// The finding that a failure stands for by itself; nil if the host's rules must explain it.
    var code: FindingCode?

    /// - Parameter twin: the same probe, run natively.
    init(_ evidence: ProbeEvidence, twin: ProbeEvidence?) {
        if let repetition = evidence.repetition {
            self.init(repetition, of: evidence.probe, again: evidence.again)
        } else if case .hung(let limit) = evidence.result {
            self.init(hung: limit, again: evidence.again)
        } else {
            self.init(probe: evidence.probe, result: evidence.result)
        }
        if !evidence.speaksOfEmulator, code != .runnerLimits { code = nil }
        // If the twin fails too, the probe is wrong, not the emulator. A limit stops both.
        guard outcome == .fail, code != .runnerLimits else { return }
        switch twin?.result {
        case .failed(let expected, let seen)?:
            self.init(
                .broken,
                "natively it fails, too (a filter of system calls, or the probe itself): expected \(expected); seen \(seen)"
            )
        // A kernel knows all calls: natively one is missing only where a filter answers so, and the emulator makes do.
        case .passed(let note?)? where note.text.hasPrefix("limit-"):
            self.init(.broken, "\(detail); natively, too, this host lacks something: \(note.text)")
        default: break
        }
    }

    /// Errnos by which execve(2) judges the program or its handler. Others, such as out of memory, are Assay's own
    /// trouble.
    static let judgements: Set<Int32> = [ENOEXEC, ENOENT, EACCES, EPERM, ELIBBAD, EINVAL, ELOOP, ENOTDIR]

    static let notBegun = "not begun: the time was up before its turn"

    /// Judges one run.
    init(probe: String, result: ProbeEvidence.Result) {
        switch result {
        case .passed(let note): self.init(.pass, note?.text ?? "")
        case .failed(let expected, let seen):
            // The handler shifts arguments: HandlerFlagRules reports that.
            let isShift = probe == "exec.argv0" && ArgumentShift.isShift(expected: expected, seen: seen)
            let code: FindingCode? = isShift ? nil : .emulationWrongResult
            self.init(.fail, "expected \(expected); seen \(seen)", code)
        case .skipped(let reason): self.init(.skip, reason)
        case .notApplicable(let reason): self.init(.skip, reason)
        case .crashed(let signal, let message):
            self.init(
                .fail, message.isEmpty ? "killed by signal \(signal)" : "signal \(signal): \(message)",
                .emulationCrashes)
        case .hung(let limit): self.init(hung: limit, again: nil)
        case .silent(let status): self.init(.fail, "ended with status \(status) and no result", .emulationWrongResult)
        case .unproven(let detail): self.init(.fail, detail, .interpreterWrongProgram)
        case .refused(let error, let text):
            self.init(Self.judgements.contains(error) ? .fail : .broken, "execve: \(text)")
        case .limited(let detail): self.init(.fail, detail, .runnerLimits)
        case .noVenue(let stage, _, let text): self.init(.broken, "\(stage.rawValue): \(text)")
        case .lost(let reason): self.init(.broken, reason)
        case .notBegun: self.init(.broken, Self.notBegun)
        }
    }

    /// Judges several runs. A probe that fails sometimes has failed. A run that could not be made leaves the question
    /// open.
    private init(_ repetition: Repetition, of probe: String, again: HangTrial?) {
        let judged = repetition.results.map { result in
            if case .hung(let limit) = result {
                ProbeJudge(hung: limit, again: again)
            } else {
                ProbeJudge(probe: probe, result: result)
            }
        }
        let outcomes = Set(judged.map(\.outcome))
        outcome = [Outcome.fail, .broken, .pass].first(where: outcomes.contains) ?? .skip
        code = judged.lazy.filter { $0.outcome == .fail }.compactMap(\.code).first
        var parts: [String] = []
        if let rate = repetition.rate(of: probe) {
            let few = "\(rate.failures) of \(rate.runs) failed; \(repetition.planned) were to be made"
            parts.append(repetition.isComplete ? rate.text : few)
        }
        for outcome in [Outcome.fail, .broken, .skip] where outcomes.contains(outcome) {
            parts += Self.fates(judged, outcome)
        }
        parts += Self.fates(judged.filter { !$0.detail.isEmpty }, .pass)
        detail = parts.joined(separator: "; ")
    }

    /// Tells a hang from slowness. A probe hangs if it does so alone and with more time, while everything else is in
    /// time.
    private init(hung limit: Duration, again: HangTrial?) {
        let first = "no result within \(limit.milliseconds) ms"
        switch (again, again?.result) {
        case (let again?, .hung):
            let alone = "\(first), and alone none within \(again.limit.milliseconds) ms"
            if again.twinEnded == false {
                self.init(.broken, "\(alone); its native twin did not end in time either")
            } else if !again.keptPace {
                self.init(.broken, "\(alone); this host is too slow at the moment to tell")
            } else {
                self.init(.fail, alone, .emulationHangs)
            }
        case (_?, _): self.init(.broken, "\(first); alone it ended otherwise")
        case (nil, _): self.init(.broken, "\(first), and not tried again alone: the time for that was up")
        }
    }

    /// What the runs of one outcome said, each text once, with the number of its first run.
    private static func fates(_ judged: [ProbeJudge], _ outcome: Outcome) -> [String] {
        var counts: [String: (first: Int, count: Int)] = [:]
        for (number, one) in judged.enumerated() where one.outcome == outcome {
            counts[one.detail, default: (number + 1, 0)].count += 1
        }
        let fates = counts.sorted { $0.value.first < $1.value.first }
        let word = outcome == .broken ? "could not be made: " : outcome == .skip ? "does not apply: " : ""
        return fates.prefix(3).map { detail, at in
            let times = at.count == 1 ? "run \(at.first)" : "\(at.count) runs, the first of them \(at.first)"
            return outcome == .pass ? detail : "\(times): \(word)\(detail)"
        } + (fates.count > 3 ? ["and \(fates.count - 3) more ways"] : [])
    }

    private init(_ outcome: Outcome, _ detail: String, _ code: FindingCode? = nil) {
        self.outcome = outcome
        self.detail = detail
        self.code = code
    }
}
