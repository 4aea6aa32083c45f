/// The outcome of a check.
public enum Outcome: String, Sendable, Codable, CaseIterable {
    case pass
    case fail
    /// The check does not apply here.
    case skip
    /// Assay could not find out. Never counted as a pass.
    case broken
}

/// How serious a finding is.
public enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
    /// Worth knowing; nothing to do.
    case info
    /// It works today, but will surprise somebody.
    case warning
    /// The guest's programs or builds fail here.
    case error

    public static func < (left: Severity, right: Severity) -> Bool {
        let order = allCases
        return order.firstIndex(of: left) ?? 0 < order.firstIndex(of: right) ?? 0
    }
}

/// The answer to the question that Assay asks.
public enum Verdict: String, Sendable, Codable, CaseIterable {
    case fit, unfit, undetermined

    /// `unfit` if a check failed, else `undetermined` if one is broken, else `fit`.
    public init(_ outcomes: some Sequence<Outcome>) {
        let outcomes = Set(outcomes)
        self = outcomes.contains(.fail) ? .unfit : outcomes.contains(.broken) ? .undetermined : .fit
    }

    public init(_ checks: [Check]) { self.init(checks.map(\.outcome)) }

    /// The outcome of a check that has this verdict.
    public var outcome: Outcome {
        switch self {
        case .fit: .pass
        case .unfit: .fail
        case .undetermined: .broken
        }
    }
}
