import Findings
import Processes

extension FleetBuilder {
    /// One host, with the reports and results that count.
    private struct Settled {
        var name: String
        var members: [Member]
        var superseded: Int
        var results: [Result]
        /// Codes of findings about a result that counts, or about the whole host.
        var findings: Set<Int>
    }

    /// Merges the reports.
    ///
    /// - Parameters:
    ///   - version: Assay's version.
    ///   - expected: how many reports there should be; with fewer the verdict cannot be `fit`.
    public func fleet(version: String, expected: Int?) -> Fleet {
        let alike = Dictionary(members.keys.map { ($0.name, 1) }, uniquingKeysWith: +)
        let settled = members.map { owner, reports in
            let id = alike[owner.name, default: 1] > 1 ? owner.id.map { " (\(names[$0]))" } : nil
            return settle(names[owner.name] + (id ?? ""), reports)
        }.sorted { $0.name < $1.name }
        let facts = facts(settled)
        let majorities = Dictionary(uniqueKeysWithValues: facts.map { ($0.name, $0.majority) })
        let hosts = settled.map { host($0, majorities) }
        let times = settled.flatMap(\.members).map(\.started)
        var fleet = Fleet(
            version: version, verdict: .fit, reports: settled.reduce(0) { $0 + $1.members.count },
            duplicates: duplicates, superseded: settled.reduce(0) { $0 + $1.superseded }, expected: expected,
            started: times.min() ?? Timestamp(seconds: 0), latest: times.max() ?? Timestamp(seconds: 0),
            summary: hosts.reduce(into: OutcomeCounts()) { $0 += $1.summary }, facts: facts,
            findings: findings(settled), checks: checks(settled), hosts: hosts)
        let verdicts = hosts.map(\.verdict) + (fleet.missing > 0 ? [.undetermined] : [])
        fleet.verdict = Verdict(verdicts.map(\.outcome))
        return fleet
    }

    /// Takes each check's result from the report that began last; of those that began together, the one added last.
    private func settle(_ name: String, _ reports: [Member]) -> Settled {
        let ordered = reports.enumerated().sorted { ($0.element.started, $0.offset) < ($1.element.started, $1.offset) }
        var seen: Set<Int32> = []
        var kept: [Member] = []
        var results: [Result] = []
        var findings: Set<Int> = []
        for member in ordered.map(\.element).reversed() {
            let fresh = member.checks.filter { !seen.contains($0.check) }
            if fresh.isEmpty && !member.checks.isEmpty { continue }
            seen.formUnion(fresh.map(\.check))
            results += fresh
            let counting = Set(fresh.map(\.check))
            for finding in member.findings where finding.checks.isEmpty || !counting.isDisjoint(with: finding.checks) {
                findings.insert(finding.code)
            }
            kept.append(member)
        }
        return Settled(
            name: name, members: kept.reversed(), superseded: reports.count - kept.count, results: results,
            findings: findings)
    }

    private func host(_ settled: Settled, _ majorities: [String: String?]) -> Fleet.Host {
        let results = settled.results
        let unsound = results.filter { $0.outcome == .fail || $0.outcome == .broken }
            .map { references[Int($0.check)] }.sorted()
        // A report's verdict may be worse than its checks. It counts only while no later report replaced some of them.
        let whole = settled.superseded == 0 && settled.members.reduce(0) { $0 + $1.checks.count } == results.count
        let stated = whole ? settled.members.map(\.verdict) : []
        let facts = facts(of: settled)
        let allowed = Set(settled.members.flatMap(\.allowed))
        return Fleet.Host(
            name: settled.name, verdict: Verdict(stated.map(\.outcome) + results.map(\.outcome)),
            started: settled.members.last?.started ?? Timestamp(seconds: 0),
            duration: settled.members.reduce(.zero) { $0 + $1.duration }, reports: settled.members.count,
            summary: results.reduce(into: OutcomeCounts()) { $0.count($1.outcome, flaky: $1.flaky) },
            unsound: Array(unsound.prefix(Fleet.mostNames)),
            findings: settled.findings.map { names[$0] }.sorted(),
            deviations: facts.compactMap { fact in
                let (name, value) = (names[fact.name], names[fact.value])
                guard let majority = majorities[name] ?? nil, majority != value else { return nil }
                return Fleet.Deviation(fact: name, value: value, majority: majority)
            },
            allowed: allowed.isEmpty ? nil : allowed.map { names[$0] }.sorted(),
            remaining: whole ? Verdict(settled.members.map(\.remaining.outcome)) : nil)
    }

    /// A host's facts, each from the last report that has it: parts of a run may be about different platforms.
    private func facts(of host: Settled) -> [Fact] {
        var order: [Int] = []
        var values: [Int: Int] = [:]
        for fact in host.members.flatMap({ $0.facts ?? [] }) {
            if values.updateValue(fact.value, forKey: fact.name) == nil { order.append(fact.name) }
        }
        return order.compactMap { name in values[name].map { Fact(name: name, value: $0) } }
    }

    private func facts(_ settled: [Settled]) -> [Fleet.Fact] {
        var known: [Int: [(host: String, value: Int)]] = [:]
        var order: [Int] = []
        for host in settled {
            for fact in facts(of: host) {
                if known[fact.name] == nil { order.append(fact.name) }
                known[fact.name, default: []].append((host.name, fact.value))
            }
        }
        // What is about the hosts comes first, then platform by platform; the order must not depend on the hosts'.
        let all = Self.facts + Self.platformFacts
        let ranked = order.map { name -> (name: Int, rank: (String, Int)) in
            let words = names[name].split(separator: " ", maxSplits: 1)
            let rank = words.first.flatMap { word in all.firstIndex { $0 == word } } ?? all.count
            return (name, (words.count > 1 ? String(words[1]) : "", rank))
        }
        return ranked.sorted { $0.rank < $1.rank }.map { fact(names[$0.name], known[$0.name] ?? []) }
    }

    private func fact(_ name: String, _ known: [(host: String, value: Int)]) -> Fleet.Fact {
        let byValue = Dictionary(grouping: known) { $0.value }
        let majority = byValue.first { $0.value.count * 2 > known.count }?.key
        let values = byValue.map { value, hosts in
            Fleet.Fact.Value(
                value: names[value], hostCount: hosts.count,
                hosts: value == majority ? [] : hosts.prefix(Fleet.mostNames).map(\.host))
        }
        return Fleet.Fact(
            name: name, majority: majority.map { names[$0] },
            values: values.sorted { ($1.hostCount, $0.value) < ($0.hostCount, $1.value) })
    }

    private func findings(_ settled: [Settled]) -> [Fleet.Finding] {
        var hosts: [Int: [String]] = [:]
        for host in settled {
            for code in host.findings { hosts[code, default: []].append(host.name) }
        }
        return hosts.compactMap { code, hosts in
            findings[code].map { finding in
                Fleet.Finding(
                    code: finding.code, platform: finding.platform, severity: finding.severity,
                    summary: finding.summary, cause: finding.cause,
                    remedy: finding.remedy, hostCount: hosts.count, hosts: Array(hosts.prefix(Fleet.mostNames)))
            }
        }
        .sorted { ($1.severity, $1.hostCount, $0.code) < ($0.severity, $0.hostCount, $1.code) }
    }

    private func checks(_ settled: [Settled]) -> [Fleet.Check] {
        var checks = references.strings.map { Fleet.Check(reference: $0, summary: OutcomeCounts(), hosts: []) }
        for host in settled {
            for result in host.results {
                let index = Int(result.check)
                checks[index].summary.count(result.outcome, flaky: result.flaky)
                guard result.outcome == .fail || result.outcome == .broken else { continue }
                if checks[index].hosts.count < Fleet.mostNames { checks[index].hosts.append(host.name) }
            }
        }
        // The order must not depend on which host ran which shard.
        return checks.sorted { $0.reference < $1.reference }
    }
}
