import Evidence
import Probes
import Processes
import Sandbox

/// Starts the smallest program once more, alone, in each venue in which no program started: what follows from that is not to rest on one attempt.
enum SecondStart {
    /// - Parameter runs: the runs that gave the evidence.
    static func run(_ evidence: inout [ProbeEvidence], of runs: [ProbeRun]) {
        for index in evidence.indices where isInQuestion(evidence[index]) {
            let first = evidence[index]
            let hasStarted = evidence.contains { $0.venue == first.venue && $0.didRun }
            guard !hasStarted, Interrupt.signal == nil,
                let run = runs.flatMap({ $0.repeated(1) })
                    .first(where: { $0.venue == first.venue && $0.probes == [first.probe] })
            else { continue }
            evidence[index].second = run.evidence(of: Supervisor(jobs: 1).run(run.launch))[0].result
            evidence[index].attempts += 1
        }
    }

    /// What hung was tried again already.
    private static func isInQuestion(_ evidence: ProbeEvidence) -> Bool {
        guard evidence.isSmallest, evidence.repetition == nil else { return false }
        return switch evidence.result {
        case .refused, .unproven, .crashed, .silent: true
        default: false
        }
    }
}
