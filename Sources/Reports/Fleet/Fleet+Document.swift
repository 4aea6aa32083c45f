import Findings

extension Fleet {
    /// The fleet as a report with one check for each host, for forms that know only checks.
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
            duration: hosts.map(\.duration).max() ?? .zero, summary: OutcomeCounts(checks), checks: checks,
            findings: findings.map { finding in
                ReportDocument.Finding(
                    code: finding.name, severity: finding.severity,
                    summary: "\(finding.hostCount) of \(hosts.count) hosts: \(finding.summary)", evidence: [],
                    cause: finding.cause, remedy: finding.remedy, checks: finding.hosts)
            })
    }
}

extension Fleet.Host {
    /// Failures, unsound checks and differences, on one line.
    var words: String {
        var words: [String] = []
        if summary.fail > 0 { words.append("\(summary.fail) failed") }
        if summary.broken > 0 { words.append("\(summary.broken) could not be found out") }
        // A cause with a name stands for the checks that it explains.
        let causes = findings.filter { code in
            code.split(separator: " ").first.flatMap { FindingCode(rawValue: String($0)) }?.entry.severity == .error
        }
        if !causes.isEmpty {
            words.append(causes.joined(separator: " "))
        } else if !unsound.isEmpty {
            let more = summary.fail + summary.broken - min(3, unsound.count)
            words.append(unsound.prefix(3).joined(separator: " ") + (more > 0 ? " and \(more) more" : ""))
        }
        if let allowed { words.append("allowed: \(allowed.joined(separator: " "))") }
        return (words + differences).joined(separator: "; ")
    }

    /// Differences from most hosts, without those that follow from another: a host without a handler has no interpreter
    /// either, and another version has another digest.
    var differences: [String] {
        let facts = Set(deviations.map(\.fact))
        let lacking = deviations.filter { $0.fact.hasPrefix("handler.flags") && $0.value == Fleet.none }
        /// ` linux/riscv64` of `handler.flags linux/riscv64`; empty for the standard guest and of what is about the host.
        func place(_ fact: String) -> String { String(fact.drop { $0 != " " }) }
        let without = Set(lacking.map { place($0.fact) })
        return without.sorted().map { "no handler\($0.isEmpty ? "" : " for\($0)")" }
            + deviations.compactMap { deviation in
                let place = place(deviation.fact)
                let isOfPath = !deviation.fact.hasPrefix("host.") && !deviation.fact.hasPrefix("assay.")
                if isOfPath && without.contains(place) { return nil }
                if deviation.fact.hasPrefix("interpreter.sha256") && facts.contains("interpreter.version" + place) {
                    return nil
                }
                let (value, majority) = (Fleet.short(deviation.value), Fleet.short(deviation.majority))
                return "\(deviation.fact) is \(value), not \(majority)"
            }
    }
}

extension Fleet {
    /// The value of a fact that a host lacks.
    static let none = "none"

    /// Shortens a SHA-256 digest to 12 characters, anything else to 60: a mask is shown whole.
    static func short(_ value: String) -> String {
        value.utf8.count == 64 ? value.oneLine.shortened(to: 12) : value.oneLine.shortened(to: 60)
    }

    /// Hosts to look at: failing first, then undetermined, then fit ones that differ from most.
    var remarkable: [Host] {
        [Verdict.unfit, .undetermined, .fit].flatMap { verdict in
            hosts.filter { $0.verdict == verdict && (verdict != .fit || !$0.deviations.isEmpty) }
        }
    }

    /// Checks that fail or are broken somewhere, worst first, grouped by equal results on the same hosts.
    var failing: [(checks: [Check], title: String)] {
        var groups: [[Check]] = []
        var known: [Fate: Int] = [:]
        for check in checks where check.summary.fail + check.summary.broken > 0 {
            let fate = Fate(summary: check.summary, hosts: check.hosts)
            if let index = known[fate] {
                groups[index].append(check)
            } else {
                known[fate] = groups.count
                groups.append([check])
            }
        }
        return groups.map { checks in
            let names = checks.prefix(3).map(\.reference).joined(separator: " ")
            return (checks, names + (checks.count > 3 ? " and \(checks.count - 3) more" : ""))
        }
        .sorted { left, right in
            let (first, second) = (left.checks[0].summary, right.checks[0].summary)
            return first.fail + first.broken > second.fail + second.broken
        }
    }

    private struct Fate: Hashable {
        var summary: OutcomeCounts
        var hosts: [String]
    }
}
