/// A finding that the people of a host live with, and why.
public struct Allowance: Sendable, Equatable {
    public var code: FindingCode
    public var reason: String?
    public var owner: String?
    /// The last day on which it counts, in UTC: `2027-01-31`; nil: for ever.
    public var expires: String?
    /// Where it was said: a file's name, or `--allow`.
    public var source: String

    public init(
        code: FindingCode, reason: String? = nil, owner: String? = nil, expires: String? = nil, source: String
    ) {
        self.code = code
        self.reason = reason
        self.owner = owner
        self.expires = expires
        self.source = source
    }
}

/// An allowance of a finding that was there.
public struct AllowedFinding: Sendable, Equatable {
    public var allowance: Allowance
    /// Its last day has passed: the finding counts.
    public var isExpired: Bool
}

/// Tells what is left to mind of a report. Its verdict does not change: only the exit status follows this.
public struct AllowanceRules: Sendable {
    /// Those of the report's findings, in their order.
    public let allowed: [AllowedFinding]
    private let codes: Set<FindingCode>

    /// - Parameter day: today, as `Allowance.expires` writes it.
    public init(_ allowances: [Allowance], of findings: [Finding], on day: String) {
        var seen: Set<FindingCode> = []
        self.init(
            findings.compactMap { finding in
                guard seen.insert(finding.code).inserted,
                    let allowance = allowances.first(where: { $0.code == finding.code })
                else { return nil }
                return AllowedFinding(allowance: allowance, isExpired: allowance.expires.map { $0 < day } ?? false)
            })
    }

    public init(_ allowed: [AllowedFinding]) {
        self.allowed = allowed
        codes = Set(allowed.filter { !$0.isExpired }.map(\.allowance.code))
    }

    public func allows(_ code: FindingCode) -> Bool { codes.contains(code) }

    /// The verdict without what is allowed: `unfit` where a check failed for something else, `undetermined` where a check
    /// is broken, which is never allowed.
    public func remaining(of verdict: Verdict, checks: [Check], findings: [Finding]) -> Verdict {
        guard verdict == .unfit, !codes.isEmpty else { return verdict }
        let errors = findings.filter { $0.severity == .error }
        guard errors.allSatisfy({ allows($0.code) }) else { return verdict }
        var causes: [String: [Finding]] = [:]
        for finding in findings {
            for reference in finding.checks { causes[reference, default: []].append(finding) }
        }
        let byCode = Dictionary(grouping: findings, by: \.code)
        for check in checks where check.outcome == .fail {
            let named = check.findings.flatMap { byCode[$0] ?? [] } + (causes[check.reference] ?? [])
            let gravest = named.map(\.severity).max()
            let explaining = named.filter { $0.severity == gravest && $0.severity > .info }
            guard !explaining.isEmpty, explaining.allSatisfy({ allows($0.code) }) else { return .unfit }
        }
        return checks.contains { $0.outcome == .broken } ? .undetermined : .fit
    }
}
