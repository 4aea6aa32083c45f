import Binfmt
import Findings
import FoundationEssentials

/// The JSON form, schema `assay.report/1`. See `docs/report.md`.
struct JSONReport: Encodable {
    struct Interpreter: Encodable {
        var path: String
        var version: String?
        var sha256: String?
    }
    struct Handler: Encodable {
        var name: String
        var flags: String
        var magic: String?
        var mask: String?
    }
    struct Host: Encodable {
        var kernel: String
        var machine: String
        var interpreter: Interpreter?
        var handler: Handler?
        var privileged: Bool
    }
    struct Rate: Encodable {
        var runs: Int
        var failures: Int
        var rate: Double
        var low: Double
        var high: Double

        init(_ rate: FailureRate) {
            runs = rate.runs
            failures = rate.failures
            self.rate = rate.observed
            // Without a failure the exact one-sided bound; see `FailureRate`.
            low = rate.interval.lowerBound
            high = rate.excludedAbove ?? rate.interval.upperBound
        }
    }
    struct CheckForm: Encodable {
        var id: String
        var kind: String
        var image: String?
        var venue: String?
        var outcome: String
        var durationMS: Double
        var attempts: Int
        /// Absent where it was not repeated.
        var failureRate: Rate?
        var detail: String
        var findings: [String]

        enum CodingKeys: String, CodingKey {
            case id, kind, image, venue, outcome, attempts, detail, findings
            case failureRate = "failure_rate"
            case durationMS = "duration_ms"
        }
    }
    struct FindingForm: Encodable {
        var code: String
        var severity: String
        var summary: String
        var evidence: [String]
        var cause: String
        var remedy: String
        var checks: [String]
    }

    var schema = Report.schema
    var version: String
    var command: String
    var verdict: String
    var started: String
    var durationMS: Double
    var host: Host?
    var summary: Report.Summary
    /// Absent where no builder was tried.
    var builders: [BuilderForm]?
    var checks: [CheckForm]
    var findings: [FindingForm]

    enum CodingKeys: String, CodingKey {
        case schema, version, command, verdict, started, host, summary, builders, checks, findings
        case durationMS = "duration_ms"
    }

    init(_ report: Report) {
        version = report.version
        command = report.command
        verdict = report.verdict.rawValue
        started = report.started.text
        durationMS = Self.tenths(report.duration)
        summary = report.summary
        host = report.host.map { host in
            Host(
                kernel: host.kernel, machine: host.machine,
                interpreter: host.interpreter.map {
                    Interpreter(path: $0.path, version: $0.version, sha256: $0.sha256)
                },
                handler: host.handler().map(Self.handler), privileged: host.privileged)
        }
        builders = report.builders.isEmpty ? nil : BuilderTable(report.builders).rows.map(BuilderForm.init)
        checks = report.checks.map { check in
            CheckForm(
                id: check.id, kind: check.kind.rawValue, image: check.image, venue: check.venue,
                outcome: check.outcome.rawValue, durationMS: Self.tenths(check.duration), attempts: check.attempts,
                failureRate: check.failureRate.map(Rate.init), detail: check.detail,
                findings: check.findings.map(\.rawValue))
        }
        findings = report.findings.map { finding in
            FindingForm(
                code: finding.code.rawValue, severity: finding.severity.rawValue, summary: finding.summary,
                evidence: finding.evidence, cause: finding.cause, remedy: finding.remedy, checks: finding.checks)
        }
    }

    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }

    private static func handler(_ handler: Binfmt.Handler) -> Handler {
        guard case .magic(_, let magic, let mask) = handler.recognition else {
            return Handler(name: handler.name, flags: handler.flags)
        }
        return Handler(name: handler.name, flags: handler.flags, magic: hexadecimal(magic), mask: hexadecimal(mask))
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Milliseconds with one decimal.
    private static func tenths(_ duration: Duration) -> Double {
        (duration.milliseconds * 10).rounded() / 10
    }
}
