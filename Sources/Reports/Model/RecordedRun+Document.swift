import Findings
public import History

extension RecordedRun {
    /// The run as a report. Evidence and the checks of a finding are not recorded, so they are empty.
    public var document: ReportDocument {
        ReportDocument(
            version: overview.version, command: overview.command, verdict: overview.verdict, started: overview.started,
            duration: overview.duration,
            host: overview.host.map { ReportDocument.Host($0, privileged: overview.privileged, of: platforms) },
            summary: overview.counts,
            checks: checks.map { check in
                ReportDocument.Check(
                    id: check.name.id, kind: check.name.kind, platform: check.name.platform, image: check.name.image,
                    venue: check.name.venue, outcome: check.outcome, duration: check.duration,
                    attempts: check.attempts, detail: check.detail, findings: [])
            },
            findings: findings.map { finding in
                let entry = FindingCode(rawValue: finding.code)?.entry
                return ReportDocument.Finding(
                    code: finding.code, platform: finding.platform, severity: finding.severity,
                    summary: finding.summary, evidence: [],
                    cause: entry?.cause ?? "", remedy: entry?.advice.first ?? "", checks: [])
            },
            judged: platforms.map { platform in
                // How long each of several took is not recorded: the sum of its checks is near it.
                let own = checks.lazy.filter { $0.name.platform == platform }.map(\.duration).reduce(.zero, +)
                return (platform, platforms.count > 1 ? own : overview.duration)
            })
    }

    private var platforms: [String] { checks.compactMap(\.name.platform).uniqued() }
}

extension ReportDocument.Host {
    /// - Parameter platforms: the recorded facts of several are one text, which says not what is whose.
    fileprivate init(_ host: HostFingerprint, privileged: Bool, of platforms: [String]) {
        self.init(kernel: host.kernel, machine: host.machine, privileged: privileged)
        guard platforms.count < 2 else { return }
        handlers = [
            host.handler.map {
                ReportDocument.Handler(platform: platforms.first, name: $0, flags: host.handlerFlags ?? "")
            }
        ].compactMap(\.self)
        interpreters = [
            host.interpreterPath.map {
                ReportDocument.Interpreter(
                    platform: platforms.first, path: $0, version: host.interpreterVersion,
                    sha256: host.interpreterSHA256)
            }
        ].compactMap(\.self)
    }
}
