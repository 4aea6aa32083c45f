import Evidence
import Guest
import Probes
import Sandbox
import SystemPackage

/// How long the smallest program takes to start, looked at more closely if it seemed long.
struct StartTrial {
    let settings: Settings
    /// The directories of the core image and of its twin for this host.
    let root: FilePath
    let twinRoot: FilePath

    /// A start that takes no longer is not worth a word.
    static let unremarkable = Duration.milliseconds(100)
    private static let runs = 5

    /// Nil if a run did not end as it should.
    func run() -> StartEvidence? {
        guard let emulated = least(root, settings.environment), let native = least(twinRoot, [:]) else { return nil }
        return StartEvidence(
            emulated: emulated.clock, emulatedProcessor: emulated.processor, native: native.clock,
            spent: Calibration.time(toSpend: emulated.processor, tries: 3),
            slowness: Calibration.measure(work: .milliseconds(5)).slowness)
    }

    private func least(_ root: FilePath, _ environment: [String: String]) -> (clock: Duration, processor: Duration)? {
        var (clock, processor) = (Duration.seconds(1 << 30), Duration.seconds(1 << 30))
        for _ in 0..<Self.runs {
            var launch = Launch(
                path: root.appending("bin/assay-probe"), arguments: ["assay-probe", "--catalogue"], venue: .direct,
                timeout: settings.limits.probe * 5)
            launch.environment = environment
            let ended = Supervisor(jobs: 1).run(launch)
            guard ended.reason == .exited(0) else { return nil }
            clock = min(clock, ended.duration)
            processor = min(processor, ended.processorTime)
        }
        return (clock, processor)
    }
}
