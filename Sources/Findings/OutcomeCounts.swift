/// How many checks have each outcome.
public struct OutcomeCounts: Sendable, Hashable, Codable {
    public var pass = 0
    public var fail = 0
    public var skip = 0
    public var broken = 0
    /// Checks that passed, but not at the first attempt.
    public var flaky = 0
    /// How many of `skip` were not made because a finding explains why they cannot pass; nil if none.
    public var follows: Int?

    public init(pass: Int = 0, fail: Int = 0, skip: Int = 0, broken: Int = 0, flaky: Int = 0) {
        self.pass = pass
        self.fail = fail
        self.skip = skip
        self.broken = broken
        self.flaky = flaky
    }

    /// Counts one check.
    ///
    /// - Parameter isConsequence: it was not made, because a finding explains why it cannot pass.
    public mutating func count(_ outcome: Outcome, flaky isFlaky: Bool, follows isConsequence: Bool = false) {
        switch outcome {
        case .pass: pass += 1
        case .fail: fail += 1
        case .skip: skip += 1
        case .broken: broken += 1
        }
        if isFlaky { flaky += 1 }
        if isConsequence { follows = (follows ?? 0) + 1 }
    }

    public static func += (left: inout OutcomeCounts, right: OutcomeCounts) {
        left.pass += right.pass
        left.fail += right.fail
        left.skip += right.skip
        left.broken += right.broken
        left.flaky += right.flaky
        if let more = right.follows { left.follows = (left.follows ?? 0) + more }
    }
}
