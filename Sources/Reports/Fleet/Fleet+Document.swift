import Findings

extension Fleet {
    /// The fleet as a report with one check a host, for forms that know only checks.
    var document: ReportDocument {
        var checks = hosts.map { host in
            ReportDocument.Check(
                id: host.name, kind: "fleet", outcome: host.verdict.outcome, duration: host.duration, attempts: 1,
                detail: host.words, findings: host.findings)
        }
        if let expected {
            checks.append(
                ReportDocument.Check(
                    id: "fleet.complete", kind: "fleet", outcome: missing > 0 ? .broken : .pass, duration: .zero,
                    attempts: 1, detail: "\(reports + superseded) of \(expected) reports", findings: []))
        }
        return ReportDocument(
            version: version, command: "merge", verdict: verdict, started: started,
            duration: hosts.map(\.duration).max() ?? .zero, summary: Report.Summary(checks), checks: checks,
            findings: findings.map { finding in
                ReportDocument.Finding(
                    code: finding.code, severity: finding.severity,
                    summary: "\(finding.hostCount) of \(hosts.count) hosts: \(finding.summary)", evidence: [],
                    cause: finding.cause, remedy: finding.remedy, checks: finding.hosts)
            })
    }
}

extension Fleet.Host {
    /// What is to be said of it in one line.
    var words: String {
        var words: [String] = []
        if summary.fail > 0 { words.append("\(summary.fail) failed") }
        if summary.broken > 0 { words.append("\(summary.broken) could not be found out") }
        if !unsound.isEmpty {
            let more = summary.fail + summary.broken - min(3, unsound.count)
            words.append(unsound.prefix(3).joined(separator: " ") + (more > 0 ? " and \(more) more" : ""))
        }
        words += deviations.map { "\($0.fact) is \($0.value.shortened(to: 60)), not \($0.majority.shortened(to: 60))" }
        return words.joined(separator: "; ")
    }
}

extension Verdict {
    fileprivate var outcome: Outcome {
        switch self {
        case .fit: .pass
        case .unfit: .fail
        case .undetermined: .broken
        }
    }
}
