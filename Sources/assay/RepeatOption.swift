import ArgumentParser

/// `--repeat`: how often a probe fails.
struct RepeatOption: ParsableArguments {
    @Option(
        name: .customLong("repeat"),
        help: ArgumentHelp(
            "Run each probe that many times, each time as a fresh process with a fresh nonce, and tell its failure rate.",
            valueName: "n"))
    var repeats: Int = 1

    func validate() throws {
        guard (1...10_000).contains(repeats) else {
            throw ValidationError("--repeat takes 1 to 10000 runs, not \(repeats).")
        }
    }
}
