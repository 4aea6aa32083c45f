import Archive
import Builders
import Evidence
import Findings
import Glibc
import Guest
import Probes
import Processes
import Synchronization
import SystemPackage

/// The trials of several builders, beside other work of this process.
///
/// Builders that share state wait for each other. Results come in the builders' order, whoever ends first.
final class BuilderTrials: Sendable {
    private struct Trial: Sendable {
        let name: String
        let resource: String
        let run: @Sendable () -> [BuilderEvidence]
        /// Its evidence if no program of the guest starts on this host; nil if that says nothing of it: a daemon may run on another host, and
        /// BuildKit has an emulator of its own.
        let blocked: [BuilderEvidence]?

        func run(isBlocked: Bool) -> [BuilderEvidence] { isBlocked ? blocked ?? run() : run() }
    }
    private struct State {
        var thread: BackgroundThread?
        var hasBegun = false
        var hasEnded = false
        var evidence: [BuilderEvidence] = []
    }

    private let trials: [Trial]
    private let threads: Int
    private let failFast: Bool
    private let state = Mutex(State())

    /// - Parameters:
    ///   - recipes: those that a builder is to build; none: it is left out.
    ///   - isRequired: the user asked for these builders.
    ///   - platforms: nil: the guest's and this host's own.
    init(
        _ drivers: [any BuilderDriver], recipes: (any BuilderDriver) -> [BuildRecipe], isRequired: Bool,
        platforms: [String]? = nil, settings: Settings, scratch: FilePath
    ) {
        trials = drivers.compactMap { driver in
            let recipes = recipes(driver)
            if recipes.isEmpty { return nil }
            let trial = BuilderTrial(
                driver: driver, for: settings.guest, required: isRequired, recipes: recipes, platforms: platforms,
                timeout: settings.builderTimeout)
            let work = scratch.appending(BuilderTrial.directory(of: driver.name))
            return Trial(
                name: driver.name, resource: driver.resource, run: { trial.runUnderLimits(in: work) },
                blocked: BuilderTrial.blocked(driver, recipes, for: settings.guest))
        }
        // Beside the probes, for which one is left.
        threads = max(1, settings.jobs - 1)
        failFast = settings.failFast
        isBeside = settings.jobs > 1 && !settings.failFast
    }

    /// Whether they may run beside other work. `--jobs 1` and `--fail-fast` want one after the other.
    let isBeside: Bool

    var names: [String] { trials.map(\.name) }

    /// Starts them on threads of their own. The second call does nothing.
    func start() {
        state.withLock { state in
            guard !state.hasBegun, !trials.isEmpty else { return }
            // Without a thread they run when they are waited for.
            state.thread = try? BackgroundThread { [self] in runSideBySide() }
            state.hasBegun = state.thread != nil
        }
    }

    /// What they found, in the builders' order. Runs those that nobody has started.
    ///
    /// - Parameters:
    ///   - earlier: with `--fail-fast`: nothing is tried once this is unfit.
    ///   - isBlocked: no program of the guest starts where a builder of this host would run one.
    func wait(after earlier: CommandEvidence = CommandEvidence(), isBlocked: Bool = false) -> [BuilderEvidence] {
        join()
        if state.withLock({ !$0.hasEnded }) {
            if isBeside {
                runSideBySide(isBlocked: isBlocked)
            } else {
                runInOrder(after: earlier, isBlocked: isBlocked)
            }
        }
        return state.withLock(\.evidence)
    }

    /// Waits for those that were started.
    func join() {
        let thread = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        thread?.join()
    }

    /// Whether they were started beside other work.
    var hasBegun: Bool { state.withLock(\.hasBegun) }

    private func runSideBySide(isBlocked: Bool = false) {
        let groups = Dictionary(grouping: trials.indices, by: { trials[$0].resource }).values.sorted { $0[0] < $1[0] }
        let found = Workers.map(groups, threads: threads) { [trials] group in
            group.map { index in (index, Interrupt.signal == nil ? trials[index].run(isBlocked: isBlocked) : []) }
        }
        let evidence = found.flatMap(\.self).sorted { $0.0 < $1.0 }.flatMap(\.1)
        state.withLock { ($0.evidence, $0.hasEnded) = (evidence, true) }
    }

    private func runInOrder(after earlier: CommandEvidence, isBlocked: Bool) {
        var all = earlier
        for trial in trials where Interrupt.signal == nil {
            if failFast && Diagnosis(all).verdict == .unfit { break }
            all.builders += trial.run(isBlocked: isBlocked)
        }
        let evidence = Array(all.builders.dropFirst(earlier.builders.count))
        state.withLock { ($0.evidence, $0.hasEnded) = (evidence, true) }
    }
}
