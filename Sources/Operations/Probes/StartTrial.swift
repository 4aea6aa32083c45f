import Evidence
import Guest
import Probes
import Sandbox
import SystemPackage

/// Measures how long the smallest program takes to start, if its start seemed long.
struct StartTrial {
    let settings: Settings
    /// The directory of the core image.
    let root: FilePath
    /// The directory of the twin for this host, which may have to be unpacked first; nil if there is none.
    let twinRoot: () throws -> FilePath?

    /// Below this, a start is not reported.
    static let unremarkable = Duration.milliseconds(100)
    private static let runs = 5
    /// A start that takes longer is late beyond doubt: two of them suffice.
    private static let long = Duration.seconds(1)
    /// What the program exits with if it is asked for nothing: `EX_USAGE` of sysexits.h.
    private static let usage: Int32 = 64

    /// Nil if the start is short after all, or if a run did not end well.
    func run() throws -> StartEvidence? {
        // On a busy host a single start may be late: take the least of several.
        guard let emulated = least(root, settings.environment), emulated.clock > Self.unremarkable,
            let twinRoot = try twinRoot(), let native = least(twinRoot, [:])
        else { return nil }
        return StartEvidence(
            emulated: emulated.clock, emulatedProcessor: emulated.processor, native: native.clock,
            spent: Calibration.time(toSpend: emulated.processor, tries: 3),
            slowness: Calibration.measure(work: .milliseconds(5)).slowness)
    }

    /// Starts the program without arguments: it says that it needs some, and ends.
    private func least(_ root: FilePath, _ environment: [String: String]) -> (clock: Duration, processor: Duration)? {
        var (clock, processor) = (Duration.seconds(1 << 30), Duration.seconds(1 << 30))
        for run in 0..<Self.runs where run < 2 || clock < Self.long {
            var launch = Launch(
                path: root.appending("bin/assay-probe"), arguments: ["assay-probe"], venue: .direct,
                timeout: settings.limits.probe * 5)
            launch.environment = environment
            let ended = Supervisor(jobs: 1).run(launch)
            guard ended.reason == .exited(Self.usage) else { return nil }
            clock = min(clock, ended.duration)
            processor = min(processor, ended.processorTime)
        }
        return (clock, processor)
    }
}
