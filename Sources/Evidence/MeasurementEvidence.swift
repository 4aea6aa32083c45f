/// How long two steps took. Nothing here is judged.
public struct MeasurementEvidence: Sendable {
    /// One step's time; nil where it has none to show, because it was not run or did not succeed.
    public struct Side: Sendable {
        public var step: String
        /// Median of its runs.
        public var time: Duration?

        public init(step: String, time: Duration?) {
            self.step = step
            self.time = time
        }
    }

    public var measured: Side
    public var baseline: Side
    /// How many times the baseline's time is still right.
    public var limit: Double

    public init(measured: Side, baseline: Side, limit: Double) {
        self.measured = measured
        self.baseline = baseline
        self.limit = limit
    }
}
