public import Evidence
public import Findings
import Processes

/// The usual duration of a check.
public struct UsualDuration: Sendable, Equatable {
    public var median: Duration
    /// The median absolute deviation of the samples from `median`.
    public var spread: Duration
    /// How many samples there are.
    public var samples: Int

    /// How many of a check's latest passes are samples.
    public static let usualSamples = 30

    /// Nil without samples.
    public init?(_ samples: [Duration]) {
        guard let median = samples.median else { return nil }
        self.median = median
        spread = samples.map { $0 > median ? $0 - median : median - $0 }.median ?? .zero
        self.samples = samples.count
    }
}

extension DurationEvidence {
    /// Compares a check with its usual duration; nil if that is unknown or the check did not pass.
    public init?(_ name: CheckName, _ outcome: Outcome, _ duration: Duration, _ usual: UsualDuration?) {
        guard let usual, outcome == .pass else { return nil }
        self.init(
            check: name.reference, image: name.image, platform: name.platform, duration: duration, median: usual.median,
            spread: usual.spread, samples: usual.samples)
    }
}
