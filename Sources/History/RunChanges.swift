import Findings

/// What differs between two runs of the same command.
public struct RunChanges: Sendable, Equatable {
    /// A check in both runs, or in the later one only.
    public struct Change: Sendable, Equatable {
        public var check: RecordedCheck
        /// Nil if the earlier run did not have the check.
        public var before: RecordedCheck?
    }

    /// A fact about the host that changed.
    public struct HostChange: Sendable, Equatable {
        /// `kernel`, `QEMU`, `flags`, …
        public var fact: String
        /// Nil if the host had none.
        public var before: String?
        /// Nil if the host has none now.
        public var now: String?
    }

    /// Failed or broken now, but not before.
    public var newFailures: [Change] = []
    /// Failed or broken in both runs.
    public var stillFailing: [Change] = []
    /// Passed now; failed or broken before.
    public var fixed: [Change] = []
    /// Passed now, but not at the first attempt.
    public var flaky: [Change] = []
    /// Skipped now, but judged before: a skipped check cannot fail.
    public var nowSkipped: [Change] = []
    /// Checks that only the later run had.
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
            if check.outcome == .skip, !check.isConsequence, let before = change.before, before.outcome != .skip {
                nowSkipped.append(change)
            }
        }
        gone = before.checks.map(\.name).filter { later[$0] == nil }
        let codes = Set(before.findings.map(\.name))
        newFindings = now.findings.filter { !codes.contains($0.name) }
        let codesNow = Set(now.findings.map(\.name))
        goneFindings = before.findings.filter { !codesNow.contains($0.name) }
        host = Self.changes(before.overview.host, now.overview.host)
    }

    /// Nothing worth reporting. Flaky and still failing checks are worth it, though they are not changes.
    public var isEmpty: Bool {
        newFailures.isEmpty && stillFailing.isEmpty && fixed.isEmpty && flaky.isEmpty && nowSkipped.isEmpty
            && added.isEmpty && gone.isEmpty && newFindings.isEmpty && goneFindings.isEmpty && host.isEmpty
    }

    /// Empty unless both runs looked at the host.
    private static func changes(_ before: HostFingerprint?, _ now: HostFingerprint?) -> [HostChange] {
        guard let before, let now else { return [] }
        return zip(before.facts, now.facts).compactMap { before, now in
            before.value == now.value ? nil : HostChange(fact: now.name, before: before.value, now: now.value)
        }
    }
}
