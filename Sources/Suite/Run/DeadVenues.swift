import Evidence
import Findings
import Guest
import Probes
import ScenarioFormat

/// Venues in which no program of a guest starts, as steps of a run have shown, and the finding that says why: what is to run there
/// follows from it, and is not tried.
struct DeadVenues {
    private var codes: [Guest: [String: FindingCode]] = [:]

    /// Notes what a step has shown of this host: a failure only when it was seen twice.
    mutating func note(_ result: StepResult, of step: PlannedStep) {
        guard [.inspect, .probe].contains(step.kind), step.isAboutHost else { return }
        for check in result.checks where check.kind == .probe && check.id == "exec.static" {
            guard let venue = check.venue, check.image == Image.coreName else { continue }
            if check.outcome == .pass { codes[step.guest]?[venue] = nil }
            guard check.outcome == .fail, check.attempts > 1 else { continue }
            codes[step.guest, default: [:]][venue] = check.findings.first { $0.entry.severity == .error }
        }
    }

    /// The finding from which the whole step follows; nil: it is to be carried out.
    func cause(of step: PlannedStep) -> FindingCode? {
        guard let dead = codes[step.guest], !dead.isEmpty, step.isAboutHost, !step.guestVenues.isEmpty else {
            return nil
        }
        let causes = step.guestVenues.map { dead[$0.rawValue] }
        return causes.contains(nil) ? nil : causes[0]
    }

    /// The finding from which follow the trials of builders that run steps on this host; nil: they are to be tried. One that the step
    /// names is.
    func causeOfBuilds(_ step: PlannedStep) -> FindingCode? {
        guard case .build(let build) = step.step.action, !build.isNativeOnly, step.isAboutHost,
            (build.builders ?? []).allSatisfy({ $0 == BuildAction.installed })
        else { return nil }
        let dead = codes[step.guest] ?? [:]
        return Venue.own.filter { $0 != .direct }.lazy.compactMap { dead[$0.rawValue] }.first
    }
}

extension PlannedStep {
    /// Whether it is judged by what this host does, without a fault, an interpreter, limits or an expectation of its own.
    fileprivate var isAboutHost: Bool {
        kind != .fault && interpreter == nil && step.limit.disk == nil && step.limit.memory == nil
            && expectation.isPlain
    }

    /// The venues in which it runs programs of its guest.
    fileprivate var guestVenues: [Venue] {
        let (image, venues): (String?, [Venue]?) =
            switch step.action {
            case .probe(let probe): (probe.image, probe.venues)
            case .run(let run): (run.image, run.isNative ? nil : run.venues)
            case .inspect, .build, .artifact, .fault, .measure: (nil, nil)
            }
        // The native twin needs no emulator.
        return image?.hasSuffix("-\(Guest.native.architecture)") == true ? [] : venues ?? []
    }
}
