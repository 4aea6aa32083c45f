import Glibc

/// What a limit does to emulation: shown to stop it, it is a finding; where it may only have kept Assay from looking, nothing is found out.
struct LimitRules {
    let limits: LimitEvidence
    let privileged: Bool
    /// A limit that stops the smallest program, shown by what was tried.
    let stopper: LimitStopper?

    init?(_ host: HostEvidence?) {
        guard let host, let limits = host.runner.limits, let bare = limits.bare else { return nil }
        self.limits = limits
        privileged = host.privileged
        stopper = LimitStopper(limits, bare)
    }

    /// The evidence with every result that a limit explains said to be one.
    func explained(_ probes: [ProbeEvidence]) -> [ProbeEvidence] {
        probes.map { probe in
            var probe = probe
            probe.result = explained(probe.result, again: limits.again[probe.reference])
            if let results = probe.repetition?.results {
                probe.repetition?.results = results.map { explained($0, again: nil) }
            }
            return probe
        }
    }

    private func explained(_ result: ProbeEvidence.Result, again: ProbeEvidence.Result?) -> ProbeEvidence.Result {
        let seen: String
        var isOwnTrouble = false
        switch result {
        case .passed, .skipped, .notApplicable, .refused, .limited: return result
        case .noVenue(_, let error, let text):
            guard ProbeEvidence.isShortage(error) else { return result }
            (seen, isOwnTrouble) = (text, true)
        case .lost(let reason): (seen, isOwnTrouble) = (reason, true)
        case .crashed(let signal, let message):
            seen = message.isEmpty ? "killed by signal \(signal)" : "signal \(signal): \(message)"
        case .failed(let expected, let found): seen = "expected \(expected); seen \(found)"
        case .hung: seen = "no result in time"
        case .silent(let status): seen = "ended with status \(status) and no result"
        case .unproven(let detail): seen = detail
        }
        if let stopper { return .limited(detail: "\(seen); \(stopper.names)") }
        if case .passed? = again {
            return .limited(
                detail: "\(seen); passes with \(limits.resources.map(\.text).joined(separator: ", ")) lifted")
        }
        let enforced = limits.enforced.union(limits.bare?.enforced ?? [])
        let groups = limits.groups.filter { enforced.contains($0.controller) }
        // Alone it runs: what was too little for several at once says nothing of the emulator.
        if !groups.isEmpty { return .lost(reason: "\(seen); the kernel enforced \(groups[0].text) meanwhile") }
        if isOwnTrouble {
            guard case .noVenue(let stage, let error, _) = result, !limits.isEmpty else { return result }
            return .noVenue(stage: stage, error: error, text: "\(seen); \(all)")
        }
        guard !limits.resources.isEmpty, again == nil, limits.resources.allSatisfy(\.isFixed) else { return result }
        return .lost(reason: "\(seen); it may be for \(all), which cannot be lifted from here")
    }

    private var all: String { (limits.resources.map(\.text) + limits.groups.map(\.text)).joined(separator: ", ") }

    var summary: String {
        if let stopper { return stopper.summary }
        return "\(limits.resources.map(\.text).joined(separator: ", ")): programs fail under it, and run without it"
    }

    var evidence: [String] {
        var lines = limits.resources.map {
            "\($0.text), hard limit \($0.shown($0.hard)); set by \($0.origin(limits.unit))"
        }
        lines += limits.groups.map { "\($0.text), \($0.current) now; set by \($0.origin(limits.unit))" }
        for attempt in [limits.bare].compactMap(\.self) + limits.relieved {
            let how = attempt.lifted.isEmpty ? "as it is" : "with \(attempt.lifted.joined(separator: ", ")) lifted"
            let words = attempt.words.isEmpty ? "" : ": \(attempt.words)"
            lines.append("the smallest program alone, \(how): \(attempt.didRun ? "runs" : "does not run\(words)")")
        }
        return lines
    }

    var remedy: String? {
        let resources = stopper?.resources ?? limits.resources
        let groups = stopper?.groups ?? []
        let shell = resources.filter { !$0.isFixed }.map {
            "ulimit -S -\($0.option) \($0.hard.map(String.init) ?? "unlimited")"
        }
        if shell.count == resources.count, groups.isEmpty, !shell.isEmpty { return shell.joined(separator: "; ") }
        if let group = groups.first {
            let value = group.file.hasSuffix("_in_bytes") ? "-1" : "max"
            let write = "printf \(value) > \(shellQuoted(group.file))"
            return privileged ? write : "sudo sh -c \(shellQuoted(write))"
        }
        guard let first = resources.first else { return nil }
        if let unit = limits.unit {
            return "systemctl edit \(shellQuoted(unit)): [Service] \(first.directive)=infinity; then restart it"
        }
        return
            "raise the item \"\(first.item)\" in /etc/security/limits.conf, or as root: prlimit --pid $$ --\(first.item)=unlimited"
    }
}

extension LimitEvidence.Resource {
    /// Nobody but root raises it: the hard limit is no higher.
    var isFixed: Bool { hard != nil && hard == soft }

    /// `RLIMIT_AS (ulimit -v) = 150000 KiB`.
    var text: String { "\(name) (ulimit -\(option)) = \(shown(soft))" }

    func shown(_ value: UInt64?) -> String {
        value.map { unit.isEmpty ? "\($0)" : "\($0) \(unit)" } ?? "unlimited"
    }

    func origin(_ manager: String?) -> String {
        "the shell (ulimit -\(option)), \(directive)= of \(manager ?? "the unit"), or the item \"\(item)\" in /etc/security/limits.conf"
    }
}

extension LimitEvidence.Group {
    /// `/sys/fs/cgroup/pids/builds/pids.max = 4`.
    var text: String { "\(file) = \(limit)" }

    func origin(_ manager: String?) -> String {
        let directive = controller == .pids ? "TasksMax" : "MemoryMax"
        return "whoever made the cgroup: the engine, or \(directive)= of \(manager ?? "a unit")"
    }
}
