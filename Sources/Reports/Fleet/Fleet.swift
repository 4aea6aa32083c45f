public import Findings
public import Processes

/// Many reports, joined: what hosts have in common, and which differ. Its JSON form is `assay.fleet/1`, see `docs/report.md`.
public struct Fleet: Encodable, Sendable {
    public static let schema = "assay.fleet/1"

    /// Longer lists of names say how many there are, and give the first.
    static let mostNames = 100

    public struct Host: Encodable, Sendable {
        public var name: String
        public var verdict: Verdict
        public var started: Timestamp
        @Milliseconds public var duration: Duration
        /// Reports of this host that count.
        public var reports: Int
        public var summary: OutcomeCounts
        /// References of checks that failed or could not be made, `Fleet.mostNames` at most.
        public var unsound: [String]
        /// Codes of its findings.
        public var findings: [String]
        /// In what it differs from most hosts.
        public var deviations: [Deviation]

        enum CodingKeys: String, CodingKey {
            case name, verdict, started, reports, summary, unsound, findings, deviations
            case duration = "duration_ms"
        }
    }

    public struct Deviation: Encodable, Sendable, Equatable {
        public var fact: String
        public var value: String
        /// What most hosts have.
        public var majority: String
    }

    /// One thing that is known of every host, and how it is spread.
    public struct Fact: Encodable, Sendable {
        public var name: String
        /// What more than half of the hosts have; nil where there is no such value.
        public var majority: String?
        public var values: [Value]

        public struct Value: Encodable, Sendable {
            public var value: String
            public var hostCount: Int
            /// Empty for the majority; `Fleet.mostNames` at most.
            public var hosts: [String]

            enum CodingKeys: String, CodingKey {
                case value, hosts
                case hostCount = "host_count"
            }
        }

        /// How many hosts do not have the majority's value; all where there is none.
        public var deviating: Int { values.filter { $0.value != majority }.reduce(0) { $0 + $1.hostCount } }
    }

    public struct Finding: Encodable, Sendable {
        public var code: String
        public var severity: Severity
        /// As the first host said it.
        public var summary: String
        public var cause: String
        public var remedy: String
        public var hostCount: Int
        public var hosts: [String]

        enum CodingKeys: String, CodingKey {
            case code, severity, summary, cause, remedy, hosts
            case hostCount = "host_count"
        }
    }

    /// A check, over all hosts.
    public struct Check: Encodable, Sendable {
        /// `id@venue`, with the image where there is one.
        public var reference: String
        public var summary: OutcomeCounts
        /// Where it failed or could not be made; `Fleet.mostNames` at most.
        public var hosts: [String]
    }

    private var schema = Self.schema
    public var version: String
    public var verdict: Verdict
    /// Reports that count.
    public var reports: Int
    /// Reports that were given twice.
    public var duplicates: Int
    /// Reports all of whose checks a later report of the same host has replaced.
    public var superseded: Int
    /// How many reports there should have been, duplicates not counted.
    public var expected: Int?
    /// When the first report began.
    public var started: Timestamp
    /// When the last report began.
    public var latest: Timestamp
    public var summary: OutcomeCounts
    public var facts: [Fact]
    public var findings: [Finding]
    public var checks: [Check]
    /// By name.
    public var hosts: [Host]

    init(
        version: String, verdict: Verdict, reports: Int, duplicates: Int, superseded: Int, expected: Int?,
        started: Timestamp, latest: Timestamp, summary: OutcomeCounts, facts: [Fact], findings: [Finding],
        checks: [Check], hosts: [Host]
    ) {
        self.version = version
        self.verdict = verdict
        self.reports = reports
        self.duplicates = duplicates
        self.superseded = superseded
        self.expected = expected
        self.started = started
        self.latest = latest
        self.summary = summary
        self.facts = facts
        self.findings = findings
        self.checks = checks
        self.hosts = hosts
    }

    /// How many reports are missing.
    public var missing: Int { max(0, (expected ?? 0) - reports - superseded) }

    /// A check was flaky, or a host has a warning.
    public var isDoubtful: Bool { summary.flaky > 0 || findings.contains { $0.severity >= .warning } }

    public var deviatingHosts: [Host] { hosts.filter { !$0.deviations.isEmpty } }
}
