public import Findings
import Guest
public import Processes

/// Identifies a check across runs: checks with equal names judged the same thing.
public struct CheckName: Sendable, Hashable, CustomStringConvertible {
    /// Raw value of `Check.Kind`; a string, because another version of Assay may know other kinds.
    public var kind: String
    public var id: String
    public var image: String?
    public var venue: String?
    /// The platform of the guest; nil where it is about none.
    public var platform: String?

    public init(
        kind: String, id: String, image: String? = nil, venue: String? = nil, platform: String? = nil
    ) {
        self.kind = kind
        self.id = id
        self.image = image
        self.venue = venue
        self.platform = platform
    }

    public init(_ check: Check) {
        self.init(
            kind: check.kind.rawValue, id: check.id, image: check.image, venue: check.venue, platform: check.platform)
    }

    /// `exec.static@chroot`, as in reports.
    public var reference: String { venue.map { "\(id)@\($0)" } ?? id }

    /// The reference, the image if any, and the platform if it is not the standard guest's.
    public var description: String {
        (image.map { "\(reference) (\($0))" } ?? reference) + (otherPlatform.map { " \($0)" } ?? "")
    }

    /// The platform, if it is not the standard guest's.
    public var otherPlatform: String? { Guest.named(platform) }
}

/// The result of one check in one run.
public struct RecordedCheck: Sendable, Equatable {
    public var name: CheckName
    public var outcome: Outcome
    public var duration: Duration
    public var attempts: Int
    public var detail: String

    public init(name: CheckName, outcome: Outcome, duration: Duration, attempts: Int, detail: String) {
        self.name = name
        self.outcome = outcome
        self.duration = duration
        self.attempts = attempts
        self.detail = detail
    }

    /// Not made, because a finding explains why it cannot pass: nothing changed about the check itself.
    var isConsequence: Bool { outcome == .skip && detail.hasPrefix(Check.consequence) }
    /// Passed, but not at the first attempt.
    public var isFlaky: Bool { outcome == .pass && attempts > 1 }
    /// Failed or broken.
    var isBad: Bool { outcome == .fail || outcome == .broken }
}

/// A finding of one run. Cause and remedy are not recorded: the catalogue has them.
public struct RecordedFinding: Sendable, Equatable {
    public var code: String
    public var severity: Severity
    public var summary: String
    /// The platform that it is about; nil where it is about none.
    public var platform: String?

    public init(code: String, severity: Severity, summary: String, platform: String? = nil) {
        self.code = code
        self.severity = severity
        self.summary = summary
        self.platform = platform
    }

    /// What tells it from the other findings of its run.
    struct Name: Hashable {
        var code: String
        var platform: String?
    }

    var name: Name { Name(code: code, platform: platform) }

    /// The platform, if it is not the standard guest's.
    public var otherPlatform: String? { Guest.named(platform) }
}

/// A run without its checks and findings.
public struct RunOverview: Sendable, Equatable {
    /// Numbers rise in the order of recording and are not reused.
    public var id: Int64
    public var command: String
    public var started: Timestamp
    public var duration: Duration
    public var verdict: Verdict
    /// Assay's version.
    public var version: String
    public var exitStatus: Int32
    /// Nil for commands that do not look at the host.
    public var host: HostFingerprint?
    public var privileged: Bool
    public var counts: OutcomeCounts

    public init(
        id: Int64, command: String, started: Timestamp, duration: Duration, verdict: Verdict, version: String,
        exitStatus: Int32, host: HostFingerprint?, privileged: Bool, counts: OutcomeCounts
    ) {
        self.id = id
        self.command = command
        self.started = started
        self.duration = duration
        self.verdict = verdict
        self.version = version
        self.exitStatus = exitStatus
        self.host = host
        self.privileged = privileged
        self.counts = counts
    }
}

/// A run as it was recorded.
public struct RecordedRun: Sendable, Equatable {
    public var overview: RunOverview
    public var checks: [RecordedCheck]
    public var findings: [RecordedFinding]

    public init(overview: RunOverview, checks: [RecordedCheck], findings: [RecordedFinding]) {
        self.overview = overview
        self.checks = checks
        self.findings = findings
    }
}
