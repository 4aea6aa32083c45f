import Findings

/// What differs between two runs of the same command.
public struct RunChanges: Sendable, Equatable {
    /// A check in both runs, or in the later one only.
    public struct Change: Sendable, Equatable {
        public var check: RecordedCheck
        /// Nil where the earlier run did not have the check.
        public var before: RecordedCheck?
    }

    /// A fact about the host that is another than it was.
    public struct HostChange: Sendable, Equatable {
        /// `kernel`, `QEMU`, `flags`, …
        public var fact: String
        /// Nil: there was none.
        public var before: String?
        /// Nil: there is none.
        public var now: String?
    }

    /// Fail, or could not be found out, and did not before.
    public var newFailures: [Change] = []
    /// As bad as before.
    public var stillFailing: [Change] = []
    /// Pass, and did not before.
    public var fixed: [Change] = []
    /// Pass, but not at the first attempt.
    public var flaky: [Change] = []
    /// Were judged before, and are skipped now: what is not looked at cannot fail.
    public var nowSkipped: [Change] = []
    /// Checks that the earlier run did not have.
    public var added: [CheckName] = []
    /// Checks that only the earlier run had.
    public var gone: [CheckName] = []
    public var newFindings: [RecordedFinding] = []
    public var goneFindings: [RecordedFinding] = []
    public var host: [HostChange] = []

    public init(from before: RecordedRun, to now: RecordedRun) {
        let earlier = Dictionary(before.checks.map { ($0.name, $0) }) { $0.isBad ? $0 : $1 }
        let later = Dictionary(now.checks.map { ($0.name, $0) }) { $0.isBad ? $0 : $1 }
        var seen: Set<CheckName> = []
        for name in now.checks.map(\.name) where seen.insert(name).inserted {
            guard let check = later[name] else { continue }
            let change = Change(check: check, before: earlier[name])
            if change.before == nil { added.append(name) }
            if check.isBad {
                if change.before?.isBad == true { stillFailing.append(change) } else { newFailures.append(change) }
            }
            if check.isFlaky { flaky.append(change) }
            if check.outcome == .pass && change.before?.isBad == true { fixed.append(change) }
            if check.outcome == .skip, let before = change.before, before.outcome != .skip { nowSkipped.append(change) }
        }
        gone = before.checks.map(\.name).filter { later[$0] == nil }
        let codes = Set(before.findings.map(\.code))
        newFindings = now.findings.filter { !codes.contains($0.code) }
        let codesNow = Set(now.findings.map(\.code))
        goneFindings = before.findings.filter { !codesNow.contains($0.code) }
        host = Self.changes(before.overview.host, now.overview.host)
    }

    /// Nothing that somebody would want to know of. Flaky checks and those that fail as before are not new, but bad.
    public var isEmpty: Bool {
        newFailures.isEmpty && stillFailing.isEmpty && fixed.isEmpty && flaky.isEmpty && nowSkipped.isEmpty
            && added.isEmpty && gone.isEmpty && newFindings.isEmpty && goneFindings.isEmpty && host.isEmpty
    }

    /// A run that did not look at the host says nothing about it.
    private static func changes(_ before: HostFingerprint?, _ now: HostFingerprint?) -> [HostChange] {
        guard let before, let now else { return [] }
        return zip(before.facts, now.facts).compactMap { before, now in
            before.value == now.value ? nil : HostChange(fact: now.name, before: before.value, now: now.value)
        }
    }
}
