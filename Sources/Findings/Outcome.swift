/// What came of one check.
public enum Outcome: String, Sendable, Codable, CaseIterable {
    case pass
    case fail
    /// Does not apply here.
    case skip
    /// The harness could not find out; never counted as a pass.
    case broken
}

/// How grave a finding is.
public enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
    /// Worth knowing; nothing to do.
    case info
    /// Works today, and will surprise somebody.
    case warning
    /// The guest's programs or builds fail here.
    case error

    public static func < (left: Severity, right: Severity) -> Bool {
        let order = allCases
        return order.firstIndex(of: left) ?? 0 < order.firstIndex(of: right) ?? 0
    }
}

/// The answer to the question that Assay asks.
public enum Verdict: String, Sendable, Codable {
    case fit, unfit, undetermined

    /// `unfit` where a check failed, else `undetermined` where one is broken, else `fit`.
    public init(_ outcomes: some Sequence<Outcome>) {
        let outcomes = Set(outcomes)
        self = outcomes.contains(.fail) ? .unfit : outcomes.contains(.broken) ? .undetermined : .fit
    }

    public init(_ checks: [Check]) { self.init(checks.map(\.outcome)) }

    /// The outcome of a check that such a verdict is that of.
    public var outcome: Outcome {
        switch self {
        case .fit: .pass
        case .unfit: .fail
        case .undetermined: .broken
        }
    }
}
