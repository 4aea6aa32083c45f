public import Evidence
import Processes

/// Compares the time of one step with that of another.
public struct MeasurementRule: Sendable {
    public var outcome: Outcome
    public var detail: String

    public init(_ evidence: MeasurementEvidence) {
        for side in [evidence.measured, evidence.baseline] where side.time == nil {
            outcome = .broken
            detail = "\(side.step) has no time to compare"
            return
        }
        let measured = evidence.measured.time ?? .zero
        let baseline = evidence.baseline.time ?? .zero
        guard baseline > .zero else {
            outcome = .broken
            detail = "\(evidence.baseline.step) took no time that can be measured"
            return
        }
        let factor = measured / baseline
        let (low, high) = Self.range(evidence.measured, evidence.baseline)
        let isOver = factor > evidence.limit
        // What the runs differ by must not decide: on a busy host one and the same pair was 4 and 63 times apart.
        let isOpen = isOver ? low <= evidence.limit : high > evidence.limit
        outcome = isOpen ? .broken : isOver ? .fail : .pass
        detail =
            "\(factor.tenths) times the baseline, at most \(evidence.limit.tenths) expected: "
            + "\(evidence.measured.step) \(measured.milliseconds.tenths) ms, "
            + "\(evidence.baseline.step) \(baseline.milliseconds.tenths) ms"
        if isOpen {
            let most = high.isFinite ? "\(high.tenths)" : "any number of"
            detail += "; the runs differ too much to tell: \(low.tenths) to \(most) times (this host is busy)"
        }
    }

    /// So many median deviations are no surprise.
    private static let spreads = 2.0

    /// The factors that are possible where each side's time may be off by its spread.
    private static func range(
        _ measured: MeasurementEvidence.Side, _ baseline: MeasurementEvidence.Side
    ) -> (low: Double, high: Double) {
        func bounds(_ side: MeasurementEvidence.Side) -> (Duration, Duration) {
            let (time, margin) = (side.time ?? .zero, side.spread * spreads)
            return (max(.zero, time - margin), time + margin)
        }
        let ((least, most), (leastBase, mostBase)) = (bounds(measured), bounds(baseline))
        return (least / mostBase, leastBase > .zero ? most / leastBase : .infinity)
    }
}
