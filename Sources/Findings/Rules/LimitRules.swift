public import Evidence
import Glibc
import Guest

/// Judges limits. A limit that was shown to stop emulation is a finding. If a limit may only have kept Assay from
/// looking, nothing is found out.
struct LimitRules {
    let limits: LimitEvidence
    let privileged: Bool
    /// The limits that stop the smallest program, if the trials show that.
    let stopper: LimitStopper?

    init?(_ host: HostEvidence?) {
        guard let host, let limits = host.runner.limits, let bare = limits.bare else { return nil }
        self.limits = limits
        privileged = host.privileged
        stopper = LimitStopper(limits, bare, program: "\(host.guest.architecture) program")
    }

    /// Changes every result that a limit explains into `limited` or `lost`.
    func explained(_ probes: [ProbeEvidence]) -> [ProbeEvidence] {
        probes.map { probe in
            var probe = probe
            let (again, control) = (limits.again[probe.reference], limits.control[probe.reference])
            probe.result = explained(probe.result, again: again, control: control)
            if let results = probe.repetition?.results {
                // A run that passed under the limits serves as control.
                let passed = results.first(where: \.isPass)
                probe.repetition?.results = results.map {
                    explained($0, again: again, control: passed ?? control)
                }
            }
            return probe
        }
    }

    private func explained(
        _ result: ProbeEvidence.Result, again: ProbeEvidence.Result?, control: ProbeEvidence.Result?
    ) -> ProbeEvidence.Result {
        let seen: String
        var isOwnTrouble = false
        switch result {
        case .passed, .notApplicable, .limited: return result
        case .skipped(let reason):
            guard again?.isPass == true else { return result }
            return .passed(note: ProbeNote("\(reason); run without that limit"))
        case .refused(let error, let text):
            guard ProbeEvidence.isShortage(error) else { return result }
            seen = text
        case .noVenue(_, let error, let text):
            guard ProbeEvidence.isShortage(error) else { return result }
            (seen, isOwnTrouble) = (text, true)
        case .lost(let reason): (seen, isOwnTrouble) = (reason, true)
        case .notBegun: (seen, isOwnTrouble) = (ProbeJudge.notBegun, true)
        case .crashed(let signal, let message):
            seen = message.isEmpty ? "killed by signal \(signal)" : "signal \(signal): \(message)"
        case .failed(let expected, let found): seen = "expected \(expected); seen \(found)"
        case .hung: seen = "no result in time"
        case .silent(let status): seen = "ended with status \(status) and no result"
        case .unproven(let detail): seen = detail
        }
        if let stopper { return .limited(detail: "\(seen); \(stopper.names)") }
        // A lack of Assay's own descriptors is no fault of the program.
        if again?.isSound == true, !ShortageWords.isOwnDescriptors(result) {
            guard control?.isSound == true else {
                return .limited(detail: "\(seen); passes with \(Self.texts(culprits)) lifted")
            }
            return .lost(reason: "\(seen); tried again it passes under \(all), too")
        }
        let enforced = limits.enforced.union(limits.bare?.enforced ?? [])
        let groups = limits.groups.filter { enforced.contains($0.controller) }
        // The smallest program runs alone: a limit that was too low for several at once says nothing about the
        // emulator.
        if let group = groups.first { return .lost(reason: "\(seen); \(Self.reached(group))") }
        if isOwnTrouble {
            guard case .noVenue(let stage, let error, _) = result, !limits.isEmpty else { return result }
            return .noVenue(stage: stage, error: error, text: "\(seen); \(limits.advice(on: seen) ?? all)")
        }
        if let group = limits.groups.first(where: { ShortageWords.mayBe($0, of: result) }) {
            return .lost(reason: "\(seen); it may be for \(group.text)")
        }
        return explained(result, seen, again: again)
    }

    /// How a result says that a group's limit was reached.
    static func reached(_ group: LimitEvidence.Group) -> String { "the kernel enforced \(group.text) meanwhile" }

    /// Explains a result if no cgroup's limit can be the reason, and no attempt passed.
    private func explained(
        _ result: ProbeEvidence.Result, _ seen: String, again: ProbeEvidence.Result?
    ) -> ProbeEvidence.Result {
        let unlifted = limits.resources.filter { limits.unlifted.contains($0.name) }
        if !unlifted.isEmpty {
            let named = ShortageWords.resources(of: result)
            let blamed = unlifted.filter { named.contains($0.name) }
            if !blamed.isEmpty { return .limited(detail: "\(seen); \(Self.texts(blamed))") }
            return .lost(reason: "\(seen); it may be for \(Self.texts(unlifted)), which cannot be lifted from here")
        }
        // It fails in the same way with all limits lifted, or the smallest program does: no limit is the reason.
        if limits.resources.isEmpty || again != nil || isCleared { return result }
        let others = limits.again.values
        return others.isEmpty || others.contains(where: \.isSound)
            ? .lost(reason: "\(seen); not tried again without \(all)") : result
    }

    /// Whether the smallest program fails even with everything lifted.
    private var isCleared: Bool { !limits.relieved.isEmpty && !limits.relieved.contains(where: \.didRun) }

    /// The limits that stop probes but not the smallest program.
    private var culprits: [LimitEvidence.Resource] {
        let one = limits.resources.filter { $0.name == limits.culprit }
        return one.isEmpty ? limits.resources : one
    }

    private static func texts(_ resources: [LimitEvidence.Resource]) -> String {
        resources.map(\.text).joined(separator: ", ")
    }

    private var all: String { (limits.resources.map(\.text) + limits.groups.map(\.text)).joined(separator: ", ") }

    var summary: String {
        if let stopper { return stopper.summary }
        let proof =
            limits.again.values.contains(where: \.isSound)
            ? "programs fail under it, and run without it" : "programs say that they fail by it"
        return "\(Self.texts(culprits)): \(proof)"
    }

    var evidence: [String] {
        var lines = limits.resources.map {
            "\($0.text), hard limit \($0.shown($0.hard)); set by \($0.origin(limits.unit))"
        }
        lines += limits.groups.map {
            "\($0.text), \($0.shown($0.current)) now; \($0.count); set by \($0.origin(limits.unit))"
        }
        lines += limits.memoryRefusal?.evidence ?? []
        for attempt in [limits.bare].compactMap(\.self) + limits.relieved {
            let how = attempt.lifted.isEmpty ? "as it is" : "with \(attempt.lifted.joined(separator: ", ")) lifted"
            let words = attempt.words.isEmpty ? "" : ": \(attempt.words)"
            lines.append("the smallest program alone, \(how): \(attempt.didRun ? "runs" : "does not run\(words)")")
        }
        return lines
    }

    /// Why the finding is made where the smallest program runs; nil: the catalogue's words are true.
    var cause: String? {
        stopper == nil
            ? "The smallest program runs, and a program that uses what this limits ends by it. Programs of builds do, too."
            : nil
    }

    /// A group's limit that was reached while programs ran, although nothing shows that it stops the emulator: less room,
    /// or fewer programs at a time, may do.
    var suspect: LimitEvidence.Group? {
        guard stopper == nil else { return nil }
        let enforced = limits.enforced.union(limits.bare?.enforced ?? [])
        return limits.groups.first { enforced.contains($0.controller) }
    }

    var remedy: String? {
        if let refusal = stopper?.refusal { return refusal.remedy(limits.unit, privileged: privileged) }
        let resources = stopper?.resources ?? culprits
        let groups = stopper?.groups ?? []
        let shell = resources.filter { !$0.isFixed }.map(\.raising)
        if shell.count == resources.count, groups.isEmpty, !shell.isEmpty { return shell.joined(separator: "; ") }
        if let group = groups.first { return lifting(group) }
        return resources.first?.lifting(limits.unit, privileged: privileged)
    }

    /// How to lift a group's limit.
    func lifting(_ group: LimitEvidence.Group) -> String {
        let value = group.file.hasSuffix("_in_bytes") ? "-1" : "max"
        let files = [group.swapFile, group.file].compactMap(\.self).map { shellQuoted($0) }
        return privileged
            ? files.map { "echo \(value) > \($0)" }.joined(separator: " && ")
            : "echo \(value) | sudo tee \(files.joined(separator: " "))"
    }
}

extension LimitEvidence {
    /// Names the resource limit that an error's words stand for, its value, and what to type: for errors of this program's
    /// own, which are no probe's.
    ///
    /// - Parameter words: such as `pipe2: Too many open files`.
    /// - Returns: such as `RLIMIT_NOFILE (ulimit -n) = 12, set by the shell (…); type: ulimit -S -n 1024`; nil if no limit
    ///   here explains the words.
    public func advice(on words: String) -> String? {
        let named = ShortageWords.resources(in: words)
        guard let resource = resources.first(where: { named.contains($0.name) }) else { return nil }
        let how = resource.isFixed ? resource.lifting(unit, privileged: true) : "type: \(resource.raising)"
        return "\(resource.text), set by \(resource.origin(unit)); \(how)"
    }
}

extension LimitEvidence.Resource {
    /// Whether only root can raise it, because the hard limit is no higher.
    var isFixed: Bool { hard != nil && hard == soft }

    /// How to raise a hard limit.
    ///
    /// - Parameters:
    ///   - unit: the systemd unit of this process; nil: none is known.
    ///   - privileged: whether the caller may change it.
    fileprivate func lifting(_ unit: String?, privileged: Bool) -> String {
        ServiceSetting(unit, "\(directive)=infinity")?.command(privileged: privileged)
            ?? "raise the item \"\(item)\" in /etc/security/limits.conf, or as root: prlimit --pid $$ --\(item)=\(most)"
    }

    /// The most that it can be. The kernel refuses more open files than fs.nr_open, which is usually this.
    private var most: String { item == "nofile" ? "1048576" : "unlimited" }

    /// The command that raises the soft limit in a shell.
    fileprivate var raising: String {
        // Without a limit on the stack the kernel lays out memory in another way.
        let most: UInt64? = option == "s" ? 8192 : nil
        let value = [hard, most].compactMap(\.self).min().map(String.init) ?? "unlimited"
        let command = "ulimit -S -\(option) \(value)"
        return switch option {
        // dash and BusyBox call it -p.
        case "u": "\(command) || ulimit -S -p \(value)"
        // They have none of these.
        case "i", "q": "\(command) || prlimit --pid $$ --\(item)=\(value):"
        default: command
        }
    }

    /// For example `RLIMIT_AS (ulimit -v) = 150000 KiB`.
    var text: String { "\(name) (ulimit -\(option)) = \(shown(soft))" }

    func shown(_ value: UInt64?) -> String {
        value.map { unit.isEmpty ? "\($0)" : "\($0) \(unit)" } ?? "unlimited"
    }

    func origin(_ manager: String?) -> String {
        "the shell (ulimit -\(option)), \(directive)= of \(manager ?? "the unit"), or the item \"\(item)\" in /etc/security/limits.conf"
    }
}

extension LimitEvidence.Group {
    /// For example `/sys/fs/cgroup/pids/builds/pids.max = 4`, or `… memory.max = 33554432 (32 MiB)`.
    var text: String { "\(file) = \(shown(limit))" }

    /// A number in the unit of the limit; of bytes also how many mebibytes that is.
    fileprivate func shown(_ value: UInt64) -> String {
        controller == .memory ? "\(value) (\(value >> 20) MiB)" : "\(value)"
    }

    /// How often the kernel enforced it.
    fileprivate var count: String {
        switch controller {
        case .pids: "\(enforced) forks refused (pids.events: max)"
        case .memory: "\(enforced) processes killed (oom_kill)"
        }
    }

    func origin(_ manager: String?) -> String {
        let directive = controller == .pids ? "TasksMax" : "MemoryMax"
        return "whoever made the cgroup: the engine, or \(directive)= of \(manager ?? "a unit")"
    }
}
