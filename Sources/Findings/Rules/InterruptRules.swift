/// The finding of a run that a signal stopped.
public struct InterruptRules {
    private let signal: Int32

    /// - Parameter signal: the signal's number.
    public init(signal: Int32) { self.signal = signal }

    public var finding: Finding {
        let name =
            [1: "SIGHUP", 2: "SIGINT", 14: "its time limit", 15: "SIGTERM", 24: "SIGXCPU"][signal] ?? "signal \(signal)"
        return Finding(
            .runnerInterrupted, summary: "interrupted by \(name): the report has what was known by then",
            evidence: [name])
    }
}
