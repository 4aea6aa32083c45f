public import Findings

/// The expected result of a step.
public struct Expectation: Sendable, Codable, Equatable {
    public var outcome: Outcome?
    public var findings: [FindingCode]?
    public var only: Bool?
    public var detail: String?

    public init(
        outcome: Outcome? = nil, findings: [FindingCode]? = nil, only: Bool? = nil, detail: String? = nil
    ) {
        self.outcome = outcome
        self.findings = findings
        self.only = only
        self.detail = detail
    }

    /// Whether nothing is expected but that all checks pass.
    public var isPlain: Bool { (outcome ?? .pass) == .pass && findings == nil && only != true && detail == nil }

    /// What differs from the expectation; empty if it is met.
    public func problems(checks: [Check], findings reported: [Finding]) -> [String] {
        var problems: [String] = []
        let came = Outcome(of: checks)
        if let wanted = outcome ?? (findings == nil ? .pass : nil), came != wanted {
            let example = checks.first { $0.outcome == came && !$0.detail.isEmpty }
            let detail = example.map { " (\($0.reference): \($0.detail))" } ?? ""
            problems.append("expected the outcome \(wanted.rawValue), found \(came.rawValue)\(detail)")
        }
        for code in findings ?? [] where !reported.contains(where: { $0.code == code }) {
            let others = reported.filter { $0.severity > .info }.map(\.code.rawValue)
            let found = others.isEmpty ? "no finding" : others.joined(separator: ", ")
            problems.append("expected the finding \(code.rawValue), found \(found)")
        }
        if only == true {
            for finding in reported where finding.severity > .info && !(findings ?? []).contains(finding.code) {
                problems.append("expected no other finding, found \(finding.code.rawValue): \(finding.summary)")
            }
        }
        if let detail, !checks.contains(where: { $0.detail.contains(detail) }) {
            let said = checks.map(\.detail).filter { !$0.isEmpty }.prefix(3).joined(separator: "; ")
            problems.append("expected a check that says \"\(detail)\", found \(said.isEmpty ? "nothing said" : said)")
        }
        return problems
    }
}

extension Expectation {
    static let form = Form(
        name: "expect", about: "What must come of a step, where that is not simply a pass.", empty: Self(),
        keys: [
            .optional(
                "outcome", \.outcome, Vocabulary.outcome,
                "Of all its checks together; left open where findings are named, else pass."),
            .optional(
                "findings", \.findings, .list(of: Vocabulary.finding), "Each of these must appear."),
            .optional("only", \.only, .flag, "No other finding above info may appear."),
            .optional("detail", \.detail, Vocabulary.words, "Must stand in what some check says."),
        ])
}

extension Outcome {
    /// The outcome of several checks: the gravest one, and a skip only if all are skipped.
    public init(of checks: [Check]) {
        let outcomes = Set(checks.map(\.outcome))
        self =
            outcomes.contains(.fail)
            ? .fail
            : outcomes.contains(.broken) ? .broken : outcomes == [.skip] ? .skip : outcomes.isEmpty ? .broken : .pass
    }
}
