import Evidence
import Findings
import Guest
import Host
import Probes
import Processes
import Sandbox
import SystemPackage

/// Finds out after a failure whether a limit caused it: runs the smallest program, or the failed probes, with the
/// limits and without.
struct LimitTrial {
    /// The embedded image's root directory.
    let root: FilePath
    let scratch: FilePath
    let settings: Settings

    /// The most probes to run again, and the most of them that hung.
    private static let (most, mostHung) = (64, 2)

    /// - Parameters:
    ///   - limits: the limits, read before the probes ran.
    ///   - evidence: the probes' evidence.
    ///   - runs: the runs that gave it.
    func run(_ limits: LimitEvidence, after evidence: [ProbeEvidence], of runs: [ProbeRun]) -> LimitEvidence {
        var now = LimitInspection.read()
        now.enforced = LimitingGroups.enforced(limits.groups, now.groups)
        now.unlifted = Set(now.resources.map(\.name).filter { !LimitInspection.canLift($0) })
        let bare = attempt(lifting: [])
        now.bare = bare
        let liftable = now.resources.filter { $0.hard != $0.soft || !now.unlifted.contains($0.name) }.map(\.name)
        guard !liftable.isEmpty, Interrupt.signal == nil else { return now }
        if !bare.didRun {
            let together = liftable.count > 1 ? [liftable] : []
            for lifted in liftable.map({ [$0] }) + together {
                now.relieved.append(attempt(lifting: lifted))
                if now.relieved.last?.didRun == true { break }
            }
            return now
        }
        let failed = Self.worthAgain(evidence, runs)
        let skipped = Set(evidence.filter { if case .skipped = $0.result { true } else { false } }.map(\.reference))
        func isCured(_ again: ProbeEvidence.Result?, _ run: ProbeRun) -> Bool {
            skipped.contains(Self.reference(run)) ? again?.isPass == true : again?.isSound == true
        }
        now.again = results(of: failed, lifting: liftable)
        // A flaky probe may pass without the limits by chance: run it with them once more.
        let passed = failed.filter { isCured(now.again[Self.reference($0)], $0) }
        now.control = results(of: passed, lifting: [])
        if liftable.count > 1, let first = passed.first {
            now.culprit = liftable.first { name in
                isCured(results(of: [first], lifting: [name])[Self.reference(first)], first)
            }
        } else if !passed.isEmpty {
            now.culprit = liftable[0]
        }
        return now
    }

    /// Whether a probe ended in a way that a limit may explain.
    static func isCalledFor(_ evidence: [ProbeEvidence], _ limits: LimitEvidence) -> Bool {
        evidence.contains { probe in
            switch probe.result {
            case .passed, .notApplicable, .limited: false
            case .skipped(let reason): !limits.isEmpty && isForLimit(reason)
            case .refused(let error, _): ProbeEvidence.isShortage(error)
            // Only a limit explains these errors; others may come from the emulator.
            case .noVenue(_, let error, _): ProbeEvidence.isShortage(error)
            default: !limits.isEmpty
            }
        }
    }

    /// Runs the smallest program with these limits lifted.
    func attempt(lifting lifted: [String]) -> LimitEvidence.Attempt {
        let run = ProbeRun(
            image: Image.coreName, guest: settings.guest, venue: .direct, probes: ["exec.static"], root: root,
            scratch: scratch, limits: settings.limits, environment: settings.environment)
        var launch = run.launch
        // Only prints a list and exits: the least that a program can do.
        launch.arguments = ["assay-probe", "--catalogue"]
        launch.isBare = true
        launch.lifted = LimitInspection.numbers(lifted)
        let before = LimitingGroups.limits
        let ended = Supervisor(jobs: 1).run(launch)
        // QEMU 10 prints tables, indented, below what it says.
        let words = ended.errors.text.split(separator: "\n").last { $0.first != " " }.map(String.init) ?? ""
        let enforced = LimitingGroups.enforced(before, LimitingGroups.limits)
        let ran = ended.reason == .exited(0) && !ended.output.bytes.isEmpty
        return LimitEvidence.Attempt(
            lifted: lifted, result: ran ? .passed(note: nil) : run.evidence(of: ended)[0].result, words: words,
            enforced: enforced)
    }

    /// The failed probes, each as a run of its own.
    private static func worthAgain(_ evidence: [ProbeEvidence], _ runs: [ProbeRun]) -> [ProbeRun] {
        var (wanted, hung) = (Set<String>(), 0)
        for probe in evidence where wanted.count < most {
            switch probe.result {
            case .crashed, .silent, .unproven, .failed, .lost, .notBegun, .noVenue, .refused:
                wanted.insert(probe.reference)
            case .skipped(let reason) where isForLimit(reason): wanted.insert(probe.reference)
            case .hung where hung < mostHung:
                hung += 1
                wanted.insert(probe.reference)
            default: break
            }
        }
        return runs.flatMap { $0.repeated(1) }.filter { wanted.remove(reference($0)) != nil }
    }

    /// Whether the probe itself names a limit as its reason.
    private static func isForLimit(_ reason: String) -> Bool {
        reason.contains("is limited to") || reason.contains("(EMFILE)")
    }

    private static func reference(_ run: ProbeRun) -> String { "\(run.probes[0])@\(run.venue.rawValue)" }

    private func results(of runs: [ProbeRun], lifting lifted: [String]) -> [String: ProbeEvidence.Result] {
        guard Interrupt.signal == nil else { return [:] }
        let launches = runs.map { run in
            var launch = run.launch
            launch.lifted = LimitInspection.numbers(lifted)
            return launch
        }
        let ended = Supervisor(jobs: settings.jobs).run(launches)
        let found = zip(runs, ended).flatMap { $0.evidence(of: $1) }.map { ($0.reference, $0.result) }
        return Dictionary(found) { first, _ in first }
    }
}
