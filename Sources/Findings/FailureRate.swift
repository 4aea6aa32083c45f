import Glibc

/// How often something failed, and what that says about its failure rate.
public struct FailureRate: Sendable, Equatable, Codable {
    public let failures: Int
    public let runs: Int

    /// - Precondition: 0 ≤ `failures` ≤ `runs`, and `runs` > 0.
    public init(failures: Int, runs: Int) {
        precondition(runs > 0 && (0...runs).contains(failures))
        self.failures = failures
        self.runs = runs
    }

    /// The part of the runs that failed, from 0 to 1.
    public var observed: Double { Double(failures) / Double(runs) }

    /// The failure rates that are possible with 95 % confidence: Wilson's score interval, two-sided (E. B. Wilson,
    /// "Probable inference, the law of succession, and statistical inference", 1927). Unlike the normal approximation,
    /// it holds for few runs, and for rates near 0 and 1.
    public var interval: ClosedRange<Double> {
        let z = 1.959963984540054  // the normal distribution's quantile at 0.975
        let (n, p) = (Double(runs), observed)
        let centre = p + z * z / (2 * n)
        let margin = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        // At the ends the exact bounds are 0 and 1. Rounding errors must not miss them.
        let low = failures == 0 ? 0 : max(0, (centre - margin) / scale)
        let high = failures == runs ? 1 : min(1, (centre + margin) / scale)
        return low...high
    }

    /// If nothing failed: rates above this are excluded with 95 % confidence; else nil. One-sided and exact: all `runs`
    /// pass with probability `(1 - rate)^runs`, which is 5 % at `1 - 0.05^(1 / runs)`.
    public var excludedAbove: Double? {
        failures == 0 ? 1 - pow(0.05, 1 / Double(runs)) : nil
    }

    /// One line, such as "0 of 60 failed: a failure rate above 4.9 % is excluded with 95 % certainty".
    public var text: String {
        if let bound = excludedAbove {
            return
                "0 of \(runs) failed: a failure rate above \(Self.percent(bound, .up)) is excluded with 95 % certainty"
        }
        let (low, high) = (Self.percent(interval.lowerBound, .down), Self.percent(interval.upperBound, .up))
        return "\(failures) of \(runs) failed: a failure rate of \(Self.percent(observed, .toNearestOrEven)), "
            + "with 95 % certainty between \(low) and \(high)"
    }

    /// A share in percent, with one decimal, or three if it is below 0.1 %. Rounds bounds outwards, so that the
    /// statement holds.
    private static func percent(_ share: Double, _ rule: FloatingPointRoundingRule) -> String {
        let digits = share > 0 && share < 0.001 ? 3 : 1
        let scale = digits == 3 ? 1000 : 10
        let parts = Int((share * 100 * Double(scale)).rounded(rule))
        let fraction = String(parts % scale)
        return "\(parts / scale).\(String(repeating: "0", count: digits - fraction.count))\(fraction) %"
    }
}
