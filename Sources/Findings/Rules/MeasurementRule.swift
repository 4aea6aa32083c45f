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
        outcome = factor <= evidence.limit ? .pass : .fail
        detail =
            "\(factor.tenths) times the baseline, at most \(evidence.limit.tenths) expected: "
            + "\(evidence.measured.step) \(measured.milliseconds.tenths) ms, "
            + "\(evidence.baseline.step) \(baseline.milliseconds.tenths) ms"
    }
}
