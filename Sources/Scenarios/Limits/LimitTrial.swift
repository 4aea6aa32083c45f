import Findings
import Probes
import Sandbox
import SystemPackage

/// After a failure: whether a limit stops the smallest program, found out by running it under the limits, and without them.
struct LimitTrial {
    /// Where the embedded image lies, and a directory for what a probe writes.
    let root: FilePath
    let scratch: FilePath
    let settings: Settings

    /// Probes that are run again; each failure costs a process.
    private static let most = 24

    /// - Parameters:
    ///   - limits: as they were read while the probes ran.
    ///   - evidence: of the probes.
    ///   - runs: what it came of.
    func run(_ limits: LimitEvidence, after evidence: [ProbeEvidence], of runs: [ProbeRun]) -> LimitEvidence {
        var now = LimitInspection.read()
        now.enforced = Self.enforced(limits, now)
        let bare = attempt(lifting: [])
        now.bare = bare
        let liftable = now.resources.filter { $0.hard == nil || $0.hard != $0.soft || isPrivileged() }.map(\.name)
        guard !liftable.isEmpty, Interrupt.signal == nil else { return now }
        if !bare.didRun {
            let together = liftable.count > 1 ? [liftable] : []
            for lifted in liftable.map({ [$0] }) + together {
                now.relieved.append(attempt(lifting: lifted))
                if now.relieved.last?.didRun == true { break }
            }
        } else if settings.repeats == 1 {
            now.again = again(evidence, runs, liftable)
        }
        return now
    }

    /// What ended otherwise than by a pass, or by the kernel's word on the program.
    static func isCalledFor(_ evidence: [ProbeEvidence], _ limits: LimitEvidence) -> Bool {
        evidence.contains { probe in
            switch probe.result {
            case .passed, .skipped, .notApplicable, .refused, .limited: false
            // Nothing but a limit explains these; others may be the emulator's.
            case .noVenue(_, let error, _): ProbeEvidence.isShortage(error)
            default: !limits.isEmpty
            }
        }
    }

    private func attempt(lifting lifted: [String]) -> LimitEvidence.Attempt {
        let run = ProbeRun(
            image: Image.core.name, venue: .direct, probes: ["exec.static"], root: root, scratch: scratch,
            limits: settings.limits, environment: settings.environment)
        var launch = run.launch
        // It prints a list and ends: nothing that a program does takes less.
        launch.arguments = ["assay-probe", "--catalogue"]
        launch.isBare = true
        launch.lifted = LimitInspection.numbers(lifted)
        let before = LimitingGroups.limits
        let ended = Supervisor(jobs: 1).run(launch)
        let words = ended.errors.text.split(separator: "\n").last.map(String.init) ?? ""
        var limits = LimitEvidence()
        limits.groups = before
        var after = LimitEvidence()
        after.groups = LimitingGroups.limits
        let ran = ended.reason == .exited(0) && !ended.output.bytes.isEmpty
        return LimitEvidence.Attempt(
            lifted: lifted, result: ran ? .passed(note: nil) : run.evidence(of: ended)[0].result, words: words,
            enforced: Self.enforced(limits, after))
    }

    private func again(
        _ evidence: [ProbeEvidence], _ runs: [ProbeRun], _ lifted: [String]
    ) -> [String: ProbeEvidence.Result] {
        let failed = evidence.filter { probe in
            switch probe.result {
            case .crashed, .silent, .unproven, .failed, .lost, .noVenue: true
            default: false
            }
        }
        let references = Set(failed.prefix(Self.most).map(\.reference))
        let single = runs.flatMap { $0.repeated(1) }
            .filter { references.contains("\($0.probes[0])@\($0.venue.rawValue)") }
        let launches = single.map { run in
            var launch = run.launch
            launch.lifted = LimitInspection.numbers(lifted)
            return launch
        }
        let ended = Supervisor(jobs: settings.jobs).run(launches)
        let found = zip(single, ended).flatMap { $0.evidence(of: $1) }.map { ($0.reference, $0.result) }
        return Dictionary(found) { first, _ in first }
    }

    /// Controllers that counted more than before.
    private static func enforced(_ before: LimitEvidence, _ after: LimitEvidence) -> Set<LimitEvidence.Group.Controller>
    {
        Set(
            after.groups.filter { group in
                before.groups.contains { $0.file == group.file && $0.enforced < group.enforced }
            }.map(\.controller))
    }
}
