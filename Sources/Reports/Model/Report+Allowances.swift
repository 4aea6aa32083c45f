public import Findings
public import Processes

extension Report {
    /// Notes which findings are allowed. The verdict stays: only the exit status follows it.
    public mutating func allow(_ allowances: [Allowance], at time: Timestamp = .now) {
        allowed = AllowanceRules(allowances, of: findings, on: String(time.text.prefix { $0 != "T" })).allowed
    }
}

extension ReportDocument.Allowed {
    init(_ allowed: AllowedFinding) {
        let allowance = allowed.allowance
        self.init(
            code: allowance.code.rawValue, reason: allowance.reason, owner: allowance.owner,
            expires: allowance.expires, source: allowance.source, expired: allowed.isExpired)
    }

    /// `handler-missing (nobody builds here; ci-team; until 2027-01-31)`.
    fileprivate var words: String {
        let about = [reason, owner, expires.map { "until \($0)" }].compactMap(\.self)
        return code + (about.isEmpty ? "" : " (\(about.joined(separator: "; ")))")
    }
}

extension ReportDocument {
    var allowanceRules: AllowanceRules {
        AllowanceRules(codes: (allowed ?? []).filter { !$0.expired }.map(\.code))
    }

    /// The verdict without what is allowed.
    var remaining: Verdict {
        let known = Set(findings.lazy.flatMap(\.keys))
        return allowanceRules.remaining(
            of: verdict,
            outcomes: checks.map { (known.contains($0.key) ? $0.key : $0.reference, $0.outcome, $0.findings) },
            findings: findings.map { ($0.code, $0.severity, $0.keys) })
    }

    /// What was allowed, and what no longer is, in one line; nil where nothing was.
    var allowedWords: String? {
        let all = allowed ?? []
        let valid = all.filter { !$0.expired }.map(\.words)
        let expired = all.filter(\.expired).map { "\($0.code) was allowed until \($0.expires ?? "") and counts again" }
        let words = (valid.isEmpty ? [] : ["allowed: " + valid.joined(separator: ", ")]) + expired
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }
}
