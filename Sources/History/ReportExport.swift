import Findings
import FoundationEssentials
import Reports

/// A recorded run as a report, schema `assay.report/1`, as far as the history has it: evidence, and which checks a
/// finding concerns, are not recorded and empty here.
public struct ReportExport: Encodable, Sendable {
    struct Host: Encodable {
        var kernel, machine: String
        var interpreter, handler: [String: String]?
        var privileged: Bool
    }

    struct CheckForm: Encodable {
        var id, kind, outcome, detail: String
        var image, venue: String?
        var duration: Double
        var attempts: Int
        var findings: [String] = []

        enum CodingKeys: String, CodingKey {
            case id, kind, image, venue, outcome, attempts, detail, findings
            case duration = "duration_ms"
        }
    }

    struct FindingForm: Encodable {
        var code, severity, summary, cause, remedy: String
        var evidence: [String] = []
        var checks: [String] = []
    }

    let schema = ReportDocument.schema
    let version, command, verdict, started: String
    let duration: Double
    let host: Host?
    let summary: Report.Summary
    let checks: [CheckForm]
    let findings: [FindingForm]

    enum CodingKeys: String, CodingKey {
        case schema, version, command, verdict, started, host, summary, checks, findings
        case duration = "duration_ms"
    }

    public init(_ run: RecordedRun) {
        let overview = run.overview
        version = overview.version
        command = overview.command
        verdict = overview.verdict.rawValue
        started = overview.started.text
        duration = overview.duration.milliseconds
        host = overview.host.map { host in
            var interpreter: [String: String]?
            if let path = host.interpreterPath {
                interpreter = ["path": path]
                interpreter?["version"] = host.interpreterVersion
                interpreter?["sha256"] = host.interpreterSHA256
            }
            return Host(
                kernel: host.kernel, machine: host.machine, interpreter: interpreter,
                handler: host.handler.map { ["name": $0, "flags": host.handlerFlags ?? ""] },
                privileged: overview.privileged)
        }
        summary = overview.counts
        checks = run.checks.map { check in
            CheckForm(
                id: check.name.id, kind: check.name.kind, outcome: check.outcome.rawValue, detail: check.detail,
                image: check.name.image, venue: check.name.venue, duration: check.duration.milliseconds,
                attempts: check.attempts)
        }
        findings = run.findings.map { finding in
            let entry = FindingCode(rawValue: finding.code)?.entry
            return FindingForm(
                code: finding.code, severity: finding.severity.rawValue, summary: finding.summary,
                cause: entry?.cause ?? "", remedy: entry?.remedy ?? "")
        }
    }

    public var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }
}
