import ArgumentParser
import Operations
import Probes

/// How often each probe runs, and how much work it does each time.
struct WorkOptions: ParsableArguments {
    @Option(
        name: .customLong("repeat"),
        help: ArgumentHelp(
            "Run each probe that many times, each time as a fresh process with a fresh nonce, and tell its failure rate.",
            valueName: "n"))
    var repeats: Int = 1

    @Option(
        help: ArgumentHelp(
            "Let probes that repeat things (such as process.churn) do that many times the usual work. Give them a longer time limit.",
            valueName: "n"))
    var scale: Int = 1

    func validate() throws {
        guard (1...10_000).contains(repeats) else {
            throw ValidationError("--repeat takes 1 to 10000 runs, not \(repeats).")
        }
        guard ProbeRun.scales.contains(scale) else {
            throw ValidationError("--scale takes 1 to \(ProbeRun.scales.upperBound), not \(scale).")
        }
    }

    func apply(to settings: inout Settings) {
        settings.repeats = repeats
        settings.scale = scale
    }
}
