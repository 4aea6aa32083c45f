import Evidence
import Findings
public import History
import Processes

/// The history's JSON form, schema `assay.history/1`. See `docs/history.md`.
public struct HistoryDocument: Encodable, Sendable {
    /// Bumped when the JSON form changes incompatibly.
    public static let schema = "assay.history/1"

    struct Run: Encodable {
        var id: Int64
        var command, started, verdict, version: String
        var duration: Double
        var exitStatus: Int32
        var host: [String: String]?
        var summary: OutcomeCounts

        enum CodingKeys: String, CodingKey {
            case id, command, started, verdict, version, host, summary
            case duration = "duration_ms"
            case exitStatus = "exit_status"
        }

        init(_ run: RunOverview) {
            id = run.id
            command = run.command
            started = run.started.text
            verdict = run.verdict.rawValue
            version = run.version
            duration = run.duration.milliseconds.tenths
            exitStatus = run.exitStatus
            host = run.host.map { host in
                Dictionary(host.facts.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }.compactMapValues {
                    $0
                }
            }
            summary = run.counts
        }
    }

    struct Name: Encodable {
        var kind, id: String
        var image, venue, platform: String?

        init(_ name: CheckName) {
            kind = name.kind
            id = name.id
            image = name.image
            venue = name.venue
            platform = name.platform
        }
    }

    struct Change: Encodable {
        var check: Name
        var outcome: String
        var before: String?
        var attempts: Int
        var detail: String

        init(_ change: RunChanges.Change) {
            check = Name(change.check.name)
            outcome = change.check.outcome.rawValue
            before = change.before?.outcome.rawValue
            attempts = change.check.attempts
            detail = change.check.detail
        }
    }

    struct FindingForm: Encodable {
        var code, severity, summary: String
        var platform: String?

        init(_ finding: RecordedFinding) {
            platform = finding.platform
            code = finding.code
            severity = finding.severity.rawValue
            summary = finding.summary
        }
    }

    struct HostChange: Encodable {
        var fact: String
        var before, now: String?
    }

    struct Changes: Encodable {
        var newFailures, stillFailing, fixed, flaky, nowSkipped: [Change]
        var added, gone: [Name]
        var newFindings, goneFindings: [FindingForm]
        var host: [HostChange]

        enum CodingKeys: String, CodingKey {
            case fixed, flaky, added, gone, host
            case newFailures = "new_failures"
            case stillFailing = "still_failing"
            case nowSkipped = "now_skipped"
            case newFindings = "new_findings"
            case goneFindings = "gone_findings"
        }

        init(_ changes: RunChanges) {
            newFailures = changes.newFailures.map(Change.init)
            stillFailing = changes.stillFailing.map(Change.init)
            fixed = changes.fixed.map(Change.init)
            flaky = changes.flaky.map(Change.init)
            nowSkipped = changes.nowSkipped.map(Change.init)
            added = changes.added.map(Name.init)
            gone = changes.gone.map(Name.init)
            newFindings = changes.newFindings.map(FindingForm.init)
            goneFindings = changes.goneFindings.map(FindingForm.init)
            host = changes.host.map { HostChange(fact: $0.fact.lowercased(), before: $0.before, now: $0.now) }
        }
    }

    struct DurationForm: Encodable {
        var check: String
        var image, platform: String?
        var duration, usual, spread: Double
        var samples: Int
        var slower: Bool

        enum CodingKeys: String, CodingKey {
            case check, image, platform, samples, slower
            case duration = "duration_ms"
            case usual = "usual_ms"
            case spread = "spread_ms"
        }

        init(_ evidence: DurationEvidence) {
            check = evidence.check
            image = evidence.image
            platform = evidence.platform
            duration = evidence.duration.milliseconds.tenths
            usual = evidence.median.milliseconds.tenths
            spread = evidence.spread.milliseconds.tenths
            samples = evidence.samples
            slower = DurationRules.isSlower(evidence)
        }
    }

    let schema = Self.schema
    /// The list, latest first; absent if one run was requested.
    let runs: [Run]?
    /// The run that `changes` and `durations` are about.
    let run: Run
    /// The run that it is compared with; absent, like `changes`, if there is none.
    let against: Run?
    let changes: Changes?
    let durations: [DurationForm]

    public init(runs: [RunOverview]? = nil, _ comparison: RunComparison) {
        self.runs = runs?.map(Run.init)
        run = Run(comparison.run.overview)
        against = comparison.before.map { Run($0.overview) }
        changes = comparison.changes.map(Changes.init)
        durations = comparison.durations.map(DurationForm.init)
    }

    public var text: String {
        get throws {
            try SafeText.json(self).string
        }
    }
}
