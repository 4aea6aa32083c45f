public import Findings
public import Processes

/// Merged reports: what hosts have in common, and which differ. The JSON form is `assay.fleet/1`, see `docs/report.md`.
public struct Fleet: Codable, Sendable {
    public static let schema = "assay.fleet/1"

    /// The most names in a list. A longer list gives the count and the first names.
    static let mostNames = 100

    public struct Host: Codable, Sendable {
        public var name: String
        public var verdict: Verdict
        public var started: Timestamp
        @Milliseconds public var duration: Duration
        /// The number of this host's reports, without duplicates and superseded ones.
        public var reports: Int
        public var summary: OutcomeCounts
        /// References of failed and broken checks, `Fleet.mostNames` at most.
        public var unsound: [String]
        /// The codes of the host's findings; those of another platform than linux/arm64 have it behind them.
        public var findings: [String]
        /// The facts in which the host differs from most hosts.
        public var deviations: [Deviation]
        /// The codes of findings that the host's reports allow; nil without any.
        public var allowed: [String]?
        /// The verdict without them; nil if later reports replaced some of the checks.
        var remaining: Verdict?

        enum CodingKeys: String, CodingKey {
            case name, verdict, started, reports, summary, unsound, findings, deviations, allowed
            case duration = "duration_ms"
        }
    }

    public struct Deviation: Codable, Sendable, Equatable {
        public var fact: String
        public var value: String
        /// The value that most hosts have.
        public var majority: String
    }

    /// A property of hosts, and how many hosts have each value.
    public struct Fact: Codable, Sendable {
        public var name: String
        /// The value of more than half of the hosts; nil if there is none.
        public var majority: String?
        public var values: [Value]

        public struct Value: Codable, Sendable {
            public var value: String
            public var hostCount: Int
            /// Empty for the majority; `Fleet.mostNames` at most.
            public var hosts: [String]

            enum CodingKeys: String, CodingKey {
                case value, hosts
                case hostCount = "host_count"
            }
        }

        /// How many hosts do not have the majority's value; all if there is no majority.
        public var deviating: Int { values.filter { $0.value != majority }.reduce(0) { $0 + $1.hostCount } }
    }

    public struct Finding: Codable, Sendable {
        public var code: String
        /// The platform that it is about; nil where it is about none.
        public var platform: String?
        public var severity: Severity
        /// The first host's wording.
        public var summary: String
        public var cause: String
        public var remedy: String
        public var hostCount: Int
        public var hosts: [String]

        enum CodingKeys: String, CodingKey {
            case code, platform, severity, summary, cause, remedy, hosts
            case hostCount = "host_count"
        }

        /// As a host's `findings` name it.
        var name: String { FleetBuilder.named(code, on: platform) }
    }

    /// A check, over all hosts.
    public struct Check: Codable, Sendable {
        /// `id@venue`, with the image if there is one, and with the platform if that is not linux/arm64.
        public var reference: String
        public var summary: OutcomeCounts
        /// The hosts on which it failed or is broken, at most `Fleet.mostNames`.
        public var hosts: [String]
    }

    private var schema = Self.schema
    public var version: String
    public var verdict: Verdict
    /// The number of reports, without duplicates and superseded ones.
    public var reports: Int
    /// Reports that were given twice.
    public var duplicates: Int
    /// Reports whose checks were all replaced by later reports of the same host.
    public var superseded: Int
    /// How many reports there should be, without duplicates; nil if not given.
    public var expected: Int?
    /// When the first report began.
    public var started: Timestamp
    /// When the last report began.
    public var latest: Timestamp
    public var summary: OutcomeCounts
    public var facts: [Fact]
    public var findings: [Finding]
    public var checks: [Check]
    /// Sorted by name.
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

    /// The verdict without what the hosts' reports allow, which the exit status follows.
    public var remaining: Verdict {
        Verdict(hosts.map { ($0.remaining ?? $0.verdict).outcome } + (missing > 0 ? [.broken] : []))
    }

    /// Whether a check was flaky, or a host has a warning.
    public var isDoubtful: Bool { summary.flaky > 0 || findings.contains { $0.severity >= .warning } }

    public var deviatingHosts: [Host] { hosts.filter { !$0.deviations.isEmpty } }
}
