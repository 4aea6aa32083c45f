public import Findings
import FoundationEssentials
public import Processes

/// A report in its JSON form, schema `assay.report/2`. Every other form is rendered from it. See `docs/report.md`.
///
/// Kinds and codes are strings: a report of a newer Assay may have some that this version does not know.
public struct ReportDocument: Codable, Sendable, Equatable {
    /// Bumped when the JSON form changes incompatibly.
    public static let schema = "assay.report/2"

    /// What the entry for a platform's programs names.
    public struct Interpreter: Codable, Sendable, Equatable {
        /// Absent in a report of before this key existed.
        public var platform: String?
        public var path: String
        public var version: String?
        public var sha256: String?

        public init(platform: String?, path: String, version: String? = nil, sha256: String? = nil) {
            self.platform = platform
            self.path = path
            self.version = version
            self.sha256 = sha256
        }
    }

    /// The entry that takes a platform's programs.
    public struct Handler: Codable, Sendable, Equatable {
        /// Absent in a report of before this key existed.
        public var platform: String?
        public var name: String
        public var flags: String
        /// Hexadecimal.
        public var magic: String?
        /// Hexadecimal.
        public var mask: String?

        public init(
            platform: String?, name: String, flags: String, magic: String? = nil, mask: String? = nil
        ) {
            self.platform = platform
            self.name = name
            self.flags = flags
            self.magic = magic
            self.mask = mask
        }
    }

    public struct Host: Codable, Sendable, Equatable {
        /// `uname -n`; absent in reports from before this key existed.
        public var name: String?
        /// The machine id, which tells machines of one name apart; absent if the machine has none.
        public var id: String?
        public var kernel: String
        public var machine: String
        public var privileged: Bool
        /// At most one for each platform.
        public var handlers: [Handler]
        /// At most one for each platform.
        public var interpreters: [Interpreter]
        /// What `assay.report/1` says instead of a platform on each, if anything; see `ReportDocument.upgraded`.
        var olderPlatform = ""

        enum CodingKeys: String, CodingKey {
            case name, id, kernel, machine, privileged, handlers, interpreters
        }

        public init(
            name: String? = nil, id: String? = nil, kernel: String, machine: String, privileged: Bool,
            handlers: [Handler] = [], interpreters: [Interpreter] = []
        ) {
            self.name = name
            self.id = id
            self.kernel = kernel
            self.machine = machine
            self.privileged = privileged
            self.handlers = handlers
            self.interpreters = interpreters
        }

        /// Of the first platform that has one.
        public var handler: Handler? { handlers.first }
        /// Of the first platform that has one.
        public var interpreter: Interpreter? { interpreters.first }
    }

    /// What was found of one platform.
    public struct Judged: Codable, Sendable, Equatable {
        /// `linux/arm64`.
        public var platform: String
        public var verdict: Verdict
        /// What is said of it, in a sentence without a full stop.
        public var claim: String
        public var summary: OutcomeCounts
        /// How long it took; with one platform that of the whole command.
        @Milliseconds public var duration: Duration

        enum CodingKeys: String, CodingKey {
            case platform, verdict, claim, summary
            case duration = "duration_ms"
        }
    }

    public struct Node: Codable, Sendable, Equatable {
        public var name: String
        public var status: String
    }

    /// One builder, with the results of all its builds.
    public struct Builder: Codable, Sendable, Equatable {
        public var name: String
        public var version: String
        public var driver: String?
        public var endpoint: String?
        public var buildsInOneGo: Bool
        public var nodes: [Node]
        /// Platforms that the builder's configuration declares, unchecked.
        public var declared: [String]
        /// Platforms that the builder detected.
        public var detected: [String]
        /// Platforms for which an executed RUN step left its proof.
        public var proven: [String]
        /// Why the builder was not tried.
        public var obstacle: String?

        enum CodingKeys: String, CodingKey {
            case name, version, driver, endpoint, nodes, declared, detected, proven, obstacle
            case buildsInOneGo = "builds_in_one_go"
        }
    }

    /// One place in an artifact that differs from what was expected.
    public struct Fault: Codable, Sendable, Equatable {
        /// The name that the user gave, or the builder that made it.
        public var artifact: String
        /// The platform that was judged; absent where that was no one platform.
        public var platform: String?
        /// The code of its finding.
        public var code: String
        public var path: String
        /// A digest.
        public var layer: String?
        public var expected: String
        public var found: String
    }

    /// How often a check failed, if it was repeated to measure that.
    public struct Rate: Codable, Sendable, Equatable {
        public var runs: Int
        public var failures: Int
        public var rate: Double
        public var low: Double
        public var high: Double
    }

    public struct Check: Codable, Sendable, Equatable {
        public var id: String
        public var kind: String
        /// The platform that it is about; absent where it is about no one platform.
        public var platform: String?
        public var image: String?
        public var venue: String?
        public var outcome: Outcome
        @Milliseconds public var duration: Duration
        public var attempts: Int
        /// Absent if the check was not repeated.
        public var failureRate: Rate?
        public var detail: String
        public var findings: [String]
        /// The code of the finding that it cannot pass before it is mended; absent unless it was not made for that.
        public var follows: String?
        /// When a step of a run began, in milliseconds after the run; absent if that is not known.
        public var begun: Double?

        enum CodingKeys: String, CodingKey {
            case id, kind, platform, image, venue, outcome, attempts, detail, findings, follows
            case failureRate = "failure_rate"
            case duration = "duration_ms"
            case begun = "begun_ms"
        }

        public init(
            id: String, kind: String, platform: String? = nil, image: String? = nil, venue: String? = nil,
            outcome: Outcome, duration: Duration, attempts: Int, failureRate: Rate? = nil, detail: String,
            findings: [String], follows: String? = nil
        ) {
            self.id = id
            self.kind = kind
            self.platform = platform
            self.image = image
            self.venue = venue
            self.outcome = outcome
            self.duration = duration
            self.attempts = attempts
            self.failureRate = failureRate
            self.detail = detail
            self.findings = findings
            self.follows = follows
        }

        /// Identifies a check of its platform in findings: `exec.static@chroot`.
        public var reference: String { venue.map { "\(id)@\($0)" } ?? id }
        /// Whether the check passed, but not at the first attempt.
        public var isFlaky: Bool { outcome == .pass && attempts > 1 }

        func isOf(_ kind: Findings.Check.Kind) -> Bool { self.kind == kind.rawValue }
    }

    public struct Finding: Codable, Sendable, Equatable {
        public var code: String
        /// The platform that it is about; absent where it is about no one platform.
        public var platform: String?
        public var severity: Severity
        public var summary: String
        public var evidence: [String]
        public var cause: String
        public var remedy: String
        /// The same without this program, if the remedy is a command of its own.
        public var byHand: String?
        /// References of the checks concerned, which are of the same platform.
        public var checks: [String]

        enum CodingKeys: String, CodingKey {
            case code, platform, severity, summary, evidence, cause, remedy, checks
            case byHand = "by_hand"
        }

        public init(
            code: String, platform: String? = nil, severity: Severity, summary: String, evidence: [String],
            cause: String, remedy: String, byHand: String? = nil, checks: [String]
        ) {
            self.code = code
            self.platform = platform
            self.severity = severity
            self.summary = summary
            self.evidence = evidence
            self.cause = cause
            self.remedy = remedy
            self.byHand = byHand
            self.checks = checks
        }
    }

    /// A finding that the caller or a configuration allows.
    public struct Allowed: Codable, Sendable, Equatable {
        public var code: String
        public var reason: String?
        public var owner: String?
        /// The last day on which it counted, in UTC.
        public var expires: String?
        /// Where it was said: a file, or `--allow`.
        public var source: String
        /// Its last day has passed: the finding counts.
        public var expired: Bool
    }

    public internal(set) var schema = Self.schema
    public var version: String
    public var command: String
    public var verdict: Verdict
    /// What is said of what was judged, in a sentence without a full stop; absent in reports from before this key existed.
    public var claim: String?
    public var started: Timestamp
    @Milliseconds public var duration: Duration
    /// Nil for commands that do not look at the host.
    public var host: Host?
    /// What artifacts were to be: a platform, or `all` that each lists; absent where none was looked at.
    public var platform: String?
    /// Each platform that was judged, in the order in which they were named; absent where none was.
    public var platforms: [Judged]?
    /// `--filter` or `--exclude` chose among the checks; absent where nothing did.
    public var isPartial: Bool?
    public var summary: OutcomeCounts
    /// Absent if no builder was tried.
    public var builders: [Builder]?
    /// The first thousand faults in artifacts; absent if there is none.
    public var faults: [Fault]?
    public var checks: [Check]
    public var findings: [Finding]
    /// Absent if nothing was allowed.
    public var allowed: [Allowed]?
    /// It is what a report says of one of several platforms: see `parts`.
    var isPart = false

    enum CodingKeys: String, CodingKey {
        case schema, version, command, verdict, claim, started, host, platform, platforms, summary, builders, faults
        case checks, findings, allowed
        case duration = "duration_ms"
        case isPartial = "partial"
    }

    public init(
        version: String, command: String, verdict: Verdict, started: Timestamp, duration: Duration, host: Host? = nil,
        platform: String? = nil, isPartial: Bool? = nil, summary: OutcomeCounts, builders: [Builder]? = nil,
        faults: [Fault]? = nil, checks: [Check], findings: [Finding], allowed: [Allowed]? = nil,
        judged: [(platform: String, duration: Duration)] = []
    ) {
        self.version = version
        self.command = command
        self.verdict = verdict
        self.started = started
        self.duration = duration
        self.host = host
        self.platform = platform
        self.isPartial = isPartial
        self.summary = summary
        self.builders = builders
        self.faults = faults
        self.checks = checks
        self.findings = findings
        self.allowed = allowed
        platforms = judged.isEmpty ? nil : judged.map(found)
        claim = Claim(self).text
    }
}

extension OutcomeCounts {
    init(_ checks: [ReportDocument.Check]) {
        self.init()
        for check in checks {
            count(check.outcome, flaky: check.isFlaky, follows: check.outcome == .skip && check.follows != nil)
        }
    }
}
