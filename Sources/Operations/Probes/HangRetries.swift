import Evidence
import Guest
import Probes
import Processes
import Sandbox
import SystemPackage

/// Tries probes that had no result in time again: alone, one after the other, with ten times the limit.
struct HangRetries {
    let settings: Settings
    /// The same probes compiled for this host: for which guest, and where the image is; nil if there are none.
    let twin: (guest: Guest, image: Image, root: FilePath)?
    let scratch: FilePath

    private static let factor = 10
    /// All attempts together may take as long as the limits of this many probes.
    private static let most = 40

    /// - Parameters:
    ///   - runs: the runs that the evidence comes from.
    ///   - explained: the references of probes whose cause is known already.
    func run(_ evidence: inout [ProbeEvidence], of runs: [ProbeRun], except explained: Set<String>) {
        let waiting = evidence.indices.filter {
            Self.isInQuestion(evidence[$0].result) && !explained.contains(evidence[$0].reference)
        }
        guard !waiting.isEmpty else { return }
        var single: [String: ProbeRun] = [:]
        for run in runs.flatMap({ $0.repeated(1) }) { single["\(run.probes[0])@\(run.venue.rawValue)"] = run }
        let end = ContinuousClock.now + settings.limits.probe * Self.most
        // A probe that hung alone in one venue counts as hung in the others. After it, no further probe is tried.
        var hung: [String: HangTrial] = [:]
        var known: [String: HangTrial] = [:]
        // Try the smallest program first: if it hangs, everything else does.
        let ordered =
            waiting.filter { evidence[$0].probe == "exec.static" }
            + waiting.filter { evidence[$0].probe != "exec.static" }
        for index in ordered {
            let (probe, reference) = (evidence[index].probe, evidence[index].reference)
            var trial = known[reference] ?? hung[probe]
            if trial == nil, hung.isEmpty, let run = single[reference], Interrupt.signal == nil {
                trial = attempt(run, until: end)
            }
            guard let trial else { continue }
            known[reference] = trial
            if case .hung = trial.result { hung[probe] = trial }
            settle(&evidence[index], trial)
        }
    }

    static func isInQuestion(_ result: ProbeEvidence.Result) -> Bool {
        switch result {
        case .hung, .notBegun: true
        case .passed, .failed, .skipped, .crashed, .silent, .refused, .unproven, .noVenue, .notApplicable, .limited,
            .lost:
            false
        }
    }

    /// One attempt; nil if there is no time left for it.
    private func attempt(_ single: ProbeRun, until end: ContinuousClock.Instant) -> HangTrial? {
        let wanted = single.limits.probe * Self.factor
        guard ContinuousClock.now.duration(to: end) >= wanted else { return nil }
        var run = single
        run.limits = ProbeLimits(probe: wanted, venue: wanted + single.limits.probe)
        let result = run.evidence(of: Supervisor(jobs: 1).run(run.launch))[0].result
        guard case .hung = result else {
            return HangTrial(limit: wanted, result: result, twinEnded: nil, keptPace: true)
        }
        return HangTrial(
            limit: wanted, result: result, twinEnded: twinEnded(run),
            keptPace: Calibration.keepsPace())
    }

    private func twinEnded(_ hung: ProbeRun) -> Bool? {
        guard let twin, hung.image == Image.coreName else { return nil }
        let run = ProbeRun(
            image: twin.image.name, guest: twin.guest, venue: .direct, probes: hung.probes, root: twin.root,
            scratch: scratch, limits: hung.limits)
        if case .hung = run.evidence(of: Supervisor(jobs: 1).run(run.launch))[0].result { return false }
        return true
    }

    /// Settles a probe by its attempt. The result of an attempt that ended counts, except for one run of several: that
    /// run's own end was not seen.
    private func settle(_ evidence: inout ProbeEvidence, _ trial: HangTrial) {
        evidence.again = trial
        if Self.isInQuestion(trial.result) {
            // A probe that had no turn before, and hung in this attempt, hangs.
            if case .notBegun = evidence.result { evidence.result = trial.result }
            return
        }
        guard case .hung(let limit) = evidence.result else {
            evidence.result = trial.result
            return
        }
        switch trial.result {
        case .passed where settings.repeats > 1:
            evidence.result = .lost(reason: "no result within \(limit.milliseconds) ms; alone it passes")
        case .passed(let note):
            let words = "slow-host: no result within \(limit.milliseconds) ms beside others; alone it passes"
            evidence.result = .passed(note: ProbeNote([note?.text, words].compactMap(\.self).joined(separator: "; ")))
        default: evidence.result = trial.result
        }
    }
}
