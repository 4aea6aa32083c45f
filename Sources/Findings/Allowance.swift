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
    private let codes: Set<String>

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

    private init(_ allowed: [AllowedFinding]) {
        self.allowed = allowed
        codes = Set(allowed.filter { !$0.isExpired }.map(\.allowance.code.rawValue))
    }

    /// - Parameter codes: of what a saved report says is allowed.
    public init(codes: [String]) { (allowed, self.codes) = ([], Set(codes)) }

    public func allows(_ code: String) -> Bool { codes.contains(code) }

    /// The verdict without what is allowed: `unfit` where a check failed for something else, `undetermined` where a check
    /// is broken, which is never allowed.
    public func remaining(of verdict: Verdict, checks: [Check], findings: [Finding]) -> Verdict {
        remaining(
            of: verdict, outcomes: checks.map { ($0.reference, $0.outcome, $0.findings.map(\.rawValue)) },
            findings: findings.map { ($0.code.rawValue, $0.severity, $0.checks) })
    }

    /// The same of a saved report, whose codes another version may have written.
    public func remaining(
        of verdict: Verdict, outcomes checks: [(reference: String, outcome: Outcome, codes: [String])],
        findings: [(code: String, severity: Severity, checks: [String])]
    ) -> Verdict {
        guard verdict == .unfit, !codes.isEmpty else { return verdict }
        guard findings.allSatisfy({ $0.severity != .error || codes.contains($0.code) }) else { return verdict }
        var causes: [String: [Int]] = [:]
        var byCode: [String: [Int]] = [:]
        for (index, finding) in findings.enumerated() {
            byCode[finding.code, default: []].append(index)
            for reference in finding.checks { causes[reference, default: []].append(index) }
        }
        for check in checks where check.outcome == .fail {
            let named = (check.codes.flatMap { byCode[$0] ?? [] } + (causes[check.reference] ?? [])).map {
                findings[$0]
            }
            let gravest = named.map(\.severity).max()
            let explaining = named.filter { $0.severity == gravest && $0.severity > .info }
            guard !explaining.isEmpty, explaining.allSatisfy({ codes.contains($0.code) }) else { return .unfit }
        }
        return checks.contains { $0.outcome == .broken } ? .undetermined : .fit
    }
}
