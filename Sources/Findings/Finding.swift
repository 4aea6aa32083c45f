import Guest

/// A named diagnosis with its evidence.
public struct Finding: Sendable, Equatable, Codable {
    public var code: FindingCode
    public var severity: Severity
    /// What is wrong with this host or artifact, in one line.
    public var summary: String
    /// What was read or run, verbatim.
    public var evidence: [String]
    public var cause: String
    /// The command to type, or what to do, by means that every system has.
    public var remedy: String
    /// The same by a command of this program; nil if there is none.
    public var command: String?
    /// What the remedy changes in the registry. No report has it.
    var change: RegistryRemedy?
    /// The references of the checks that it concerns.
    public var checks: [String]
    /// The platform that it is about; nil where it is about no one platform. The references are of this platform's checks.
    public var platform: String?

    private enum CodingKeys: CodingKey {
        case code, severity, summary, evidence, cause, remedy, command, checks, platform
    }

    /// - Parameters:
    ///   - severity: one that the catalogue names for the code; nil: the usual one.
    ///   - cause: nil: the catalogue's.
    ///   - remedy: nil: the catalogue's.
    public init(
        _ code: FindingCode, severity: Severity? = nil, summary: String, evidence: [String], cause: String? = nil,
        remedy: String? = nil, checks: [String] = []
    ) {
        let entry = code.entry
        assert(severity.map(entry.severities.contains) ?? true, "the catalogue does not name this severity of \(code)")
        self.code = code
        self.severity = severity ?? entry.severity
        self.summary = summary
        self.evidence = evidence
        self.cause = cause ?? entry.cause
        self.remedy = remedy ?? entry.remedy
        self.checks = checks
    }

    /// The same, with a remedy that may change the registry.
    init(
        _ code: FindingCode, severity: Severity? = nil, summary: String, evidence: [String], cause: String? = nil,
        remedy: Advice?, checks: [String] = []
    ) {
        self.init(
            code, severity: severity, summary: summary, evidence: evidence, cause: cause, remedy: remedy?.text,
            checks: checks)
        change = remedy?.change
    }

    /// Whether the remedy is the catalogue's, which knows nothing of this host.
    public var isGeneral: Bool { remedy == code.entry.remedy }

    /// The finding with the guest's names where the catalogue's words, which are about the standard one, stand in it.
    func said(of guest: Guest) -> Finding {
        let entry = code.entry
        var finding = self
        finding.summary.replace(entry.summary, with: guest.naming(entry.summary))
        finding.cause.replace(entry.cause, with: guest.naming(entry.cause))
        finding.remedy.replace(entry.remedy, with: guest.naming(entry.remedy))
        return finding
    }
}
