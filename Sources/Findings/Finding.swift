/// A named diagnosis with its evidence.
public struct Finding: Sendable, Equatable, Codable {
    public var code: FindingCode
    public var severity: Severity
    /// What is wrong, about this host or artifact, in one line.
    public var summary: String
    /// What was read or run, verbatim.
    public var evidence: [String]
    public var cause: String
    /// A command to type.
    public var remedy: String
    /// References of the checks concerned.
    public var checks: [String]

    /// - Parameters:
    ///   - severity, cause, remedy: the catalogue's when nil.
    public init(
        _ code: FindingCode, severity: Severity? = nil, summary: String, evidence: [String], cause: String? = nil,
        remedy: String? = nil, checks: [String] = []
    ) {
        let entry = code.entry
        self.code = code
        self.severity = severity ?? entry.severity
        self.summary = summary
        self.evidence = evidence
        self.cause = cause ?? entry.cause
        self.remedy = remedy ?? entry.remedy
        self.checks = checks
    }

    /// What to type is the catalogue's, which knows no host.
    public var isGeneral: Bool { remedy == code.entry.remedy }
}
