public import Evidence
public import Findings
import Processes

/// What a check usually takes.
public struct UsualDuration: Sendable, Equatable {
    public var median: Duration
    /// The median of how far the samples are from their median: half of them are no farther.
    public var spread: Duration
    public var samples: Int

    /// So many of a check's latest passes make what is usual.
    public static let usualSamples = 30

    /// - Returns: nil for no samples.
    public init?(_ samples: [Duration]) {
        guard let median = samples.median else { return nil }
        self.median = median
        spread = samples.map { $0 > median ? $0 - median : median - $0 }.median ?? .zero
        self.samples = samples.count
    }
}

extension DurationEvidence {
    /// A check beside what it usually takes; nil where that is not known, or it did not pass.
    public init?(_ name: CheckName, _ outcome: Outcome, _ duration: Duration, _ usual: UsualDuration?) {
        guard let usual, outcome == .pass else { return nil }
        self.init(
            check: name.reference, image: name.image, duration: duration, median: usual.median, spread: usual.spread,
            samples: usual.samples)
    }
}
