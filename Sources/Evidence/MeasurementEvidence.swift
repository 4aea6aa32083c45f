/// How long two steps took. Nothing here is judged.
public struct MeasurementEvidence: Sendable {
    /// The time of one step.
    public struct Side: Sendable {
        public var step: String
        /// The median of its runs; nil if the step did not run or did not succeed.
        public var time: Duration?
        /// The median deviation of its runs from that.
        public var spread: Duration

        public init(step: String, time: Duration?, spread: Duration = .zero) {
            self.step = step
            self.time = time
            self.spread = spread
        }
    }

    public var measured: Side
    public var baseline: Side
    /// The highest ratio of the measured time to the baseline's that passes.
    public var limit: Double

    public init(measured: Side, baseline: Side, limit: Double) {
        self.measured = measured
        self.baseline = baseline
        self.limit = limit
    }
}
