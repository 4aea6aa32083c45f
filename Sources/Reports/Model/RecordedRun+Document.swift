import Findings
public import History

extension RecordedRun {
    /// The run as a report. Evidence and the checks of a finding are not recorded, so they are empty.
    public var document: ReportDocument {
        ReportDocument(
            version: overview.version, command: overview.command, verdict: overview.verdict, started: overview.started,
            duration: overview.duration,
            host: overview.host.map { ReportDocument.Host($0, privileged: overview.privileged) },
            summary: overview.counts,
            checks: checks.map { check in
                ReportDocument.Check(
                    id: check.name.id, kind: check.name.kind, image: check.name.image, venue: check.name.venue,
                    outcome: check.outcome, duration: check.duration, attempts: check.attempts, detail: check.detail,
                    findings: [])
            },
            findings: findings.map { finding in
                let entry = FindingCode(rawValue: finding.code)?.entry
                return ReportDocument.Finding(
                    code: finding.code, severity: finding.severity, summary: finding.summary, evidence: [],
                    cause: entry?.cause ?? "", remedy: entry?.remedy ?? "", checks: [])
            })
    }
}

extension ReportDocument.Host {
    fileprivate init(_ host: HostFingerprint, privileged: Bool) {
        self.init(
            kernel: host.kernel, machine: host.machine,
            interpreter: host.interpreterPath.map {
                ReportDocument.Interpreter(
                    path: $0, version: host.interpreterVersion, sha256: host.interpreterSHA256)
            },
            handler: host.handler.map { ReportDocument.Handler(name: $0, flags: host.handlerFlags ?? "") },
            privileged: privileged)
    }
}
