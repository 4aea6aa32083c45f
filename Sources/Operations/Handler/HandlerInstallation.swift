import Binfmt
import Evidence
import Findings
import Glibc
public import Guest
import Host

/// `assay handler install`: registers an interpreter for a guest's programs.
public struct HandlerInstallation: Sendable {
    public var guest: Guest
    /// Nil: the best one of this host.
    public var interpreter: String?
    public var flags: String
    public var name: String
    /// Also have it registered at boot.
    public var persist: Bool
    /// Remove what stands in the way.
    public var replace: Bool
    public var directory = Registry.standardDirectory

    public init(guest: Guest, interpreter: String?, flags: String, name: String, persist: Bool, replace: Bool) {
        self.guest = guest
        self.interpreter = interpreter
        self.flags = flags
        self.name = name
        self.persist = persist
        self.replace = replace
    }

    /// Reads the state of things and says what is to be done. Changes nothing.
    ///
    /// - Throws: `HandlerRefusal` where the state forbids it.
    public func plan() throws(HandlerRefusal) -> HandlerChange {
        let host = HostInspection.read(for: guest, registry: directory)
        guard !host.isGuestNative else {
            throw refusal(
                "a host that needs emulation",
                "an \(guest.architecture) host (\(host.machine)), which runs them natively")
        }
        let path = try chosenPath(host.installCommand)
        try HandlerInterpreter(path: path, flags: flags).check()
        let rule = Handler(for: guest, name: name, interpreter: path, flags: flags)
        guard let wanted = Handler(rule: rule.text) else {
            throw refusal("a rule that the kernel accepts", rule.text)
        }

        var change = HandlerChange()
        change.outcome = "\(name), flags \(flags.isEmpty ? "none" : flags), \(path): for \(guest.name) programs"
        switch host.registry.state {
        case .unavailable where !host.registry.unread.isEmpty:
            throw refusal("a registry that can be read", host.registry.unread[0])
        case .unavailable:
            change.add(.mount(directory), undo: .unmount(directory))
            change.notes.append("binfmt_misc is not mounted on \(directory): that comes first, and needs root")
        case .disabled:
            throw refusal(
                "an enabled registry", "\(directory)/status says disabled: no entry applies",
                "printf 1 > \(directory)/status")
        case .enabled: try checkAccess(host, &change)
        }
        // A registry of one's own is empty.
        let registry = change.isEmpty ? host.registry : Registry(state: .enabled, handlers: [], directory: directory)
        let registered = try clearing(registry, for: wanted, &change)
        try HandlerPersistence(
            guest: guest, wanted: wanted, registered: registered, directory: directory, replace: replace
        )
        .install(atBoot: persist, into: &change)
        // What gave way comes back by the steps alone, and what was there before is not this command's to remove.
        if registered == nil, change.steps.allSatisfy(\.isAddition) {
            change.undoCommand = "assay handler remove \(shellQuoted(name))" + (persist ? " --persist" : "")
        }
        if change.isEmpty {
            change.notes.append("all of it is so already: nothing is to be done")
        }
        return change
    }

    private func chosenPath(_ installCommand: String?) throws(HandlerRefusal) -> String {
        if let interpreter { return interpreter }
        return try HandlerInterpreter.best(for: guest, flags: flags, installCommand: installCommand)
    }

    /// Chooses flags that work, plans and makes the change, and runs a program through the new entry.
    ///
    /// - Parameters:
    ///   - trial: runs this program again; nil: nothing is run.
    ///   - choosesFlags: leave P out if the interpreter does not understand it.
    /// - Throws: as `run()`; also a `HandlerRefusal` if programs do not run through the entry, which is then undone.
    public func run(with trial: RemedyTrial?, choosesFlags: Bool) throws -> HandlerChange {
        guard let trial else { return try run() }
        var chosen = self
        if choosesFlags, let path = try? chosenPath(nil) {
            for flags in [flags, "OCF"] {
                guard case .fails(let faults) = trial.outcome(of: .init(interpreter: path, flags: flags)),
                    faults.contains(where: { $0.code == .handlerRewritesArgv0 })
                else {
                    chosen.flags = flags
                    break
                }
            }
        }
        var words = ""
        do {
            var change = try chosen.run { words = try chosen.prove(trial) }
            if !words.isEmpty { change.outcome += ": \(words)" }
            if chosen.flags != flags {
                change.notes.append("without P, which this interpreter does not understand here")
            }
            return change
        } catch let shifted as Shifted {
            guard choosesFlags, chosen.flags.contains("P") else { throw shifted.refusal }
            // Where there is no private registry the entry itself tells.
            chosen.flags = "OCF"
            var change = try chosen.run { words = try chosen.prove(trial) }
            change.outcome += ": \(words)"
            return change
        }
    }

    /// The arguments arrived shifted.
    private struct Shifted: Error {
        let refusal: HandlerRefusal
    }

    /// What a program that ran through the entry shows.
    ///
    /// - Throws: if the entry is at fault.
    private func prove(_ trial: RemedyTrial) throws -> String {
        switch trial.outcome() {
        case .fits: return "one ran and proved itself, on the host and in an empty root"
        case .unknown(let reason): return "whether they run could not be found out: \(reason)"
        case .fails(let faults):
            // What follows from the flags that were asked for is no reason to refuse them.
            guard let fault = faults.first(where: { $0.code != .handlerNotFixed || isFixed }) else {
                return "one ran and proved itself on the host; without F none does in a container"
            }
            guard fault.code.entry.link != nil else { return "none was shown to run: \(fault.text)" }
            let refusal = HandlerRefusal(
                "keep \(name)", code: .impossible, expected: "\(guest.name) programs to run through it",
                found: "\(fault.text), and undid the change")
            if fault.code == .handlerRewritesArgv0 { throw Shifted(refusal: refusal) }
            throw refusal
        }
    }

    private var isFixed: Bool { flags.contains("F") }

    /// Plans and makes the change, and sees that the kernel now chooses the new entry.
    ///
    /// - Throws: `HandlerRefusal`, `RegistryError` or `HandlerChange.Stranded`; but for the last, everything is then
    ///   as it was.
    public func run(proving proof: () throws -> Void = {}) throws -> HandlerChange {
        let change = try plan()
        if case .mount? = change.steps.first?.operation {
            var mounting = change
            mounting.steps.removeSubrange(1...)
            var rest = HandlerChange()
            try mounting.apply {
                rest = try plan()
                try rest.apply {
                    try verify()
                    try proof()
                }
            }
            rest.steps = mounting.steps + rest.steps
            rest.notes = mounting.notes + rest.notes
            return rest
        }
        if !change.isEmpty {
            try change.apply {
                try verify()
                try proof()
            }
        }
        return change
    }

    /// Who may not write to the registry that it sees needs another: one of its own, where that can be had and hides nothing.
    private func checkAccess(_ host: HostEvidence, _ change: inout HandlerChange) throws(HandlerRefusal) {
        switch host.registryAccess {
        case .writable, .refused: return
        case .readOnly:
            throw HandlerRefusal(
                "register \(name)", code: .impossible, expected: "a registry that may be written",
                found: "\(directory): Read-only file system", advice: "mount -o remount,rw \(directory)")
        case .foreign(.impossible(let reason)):
            throw HandlerRefusal(
                "register \(name)", code: .impossible, expected: "a registry that root here may write to",
                found: "that of another user namespace (\(reason)"
                    + (host.securityLabel.map { "; profile \($0)" } ?? "") + ")",
                advice: "register on the host of this container")
        case .foreign(.possible):
            let others = host.registry.handlers.filter(\.enabled).map(\.name)
            guard others.isEmpty else {
                throw HandlerRefusal(
                    "register \(name)", code: .impossible, expected: "a registry that root here may write to",
                    found: "that of another user namespace",
                    advice:
                        "mount -t binfmt_misc binfmt_misc \(directory) gives this one a registry of its own, in which \(others.joined(separator: ", ")) no longer applies"
                )
            }
            change.add(.mount(directory), undo: .unmount(directory))
            change.notes.append(
                "the registry here is that of another user namespace, and root may not write to it: one of its own is mounted over it"
            )
        }
    }

    /// Removes, where that was asked for, what takes the guest's programs already or has the name.
    ///
    /// - Returns: the entry itself, where it is there already and as it should be.
    private func clearing(
        _ registry: Registry, for wanted: Handler, _ change: inout HandlerChange
    ) throws(HandlerRefusal) -> Handler? {
        let takers = registry.takers(of: guest)
        if !replace, let first = takers.first {
            if takers.count == 1, first.name == name, first.isEquivalent(to: wanted) { return first }
            throw refusal(
                "no entry that takes \(guest.name) programs",
                takers.map { "\($0.name) (flags \($0.flags.isEmpty ? "none" : $0.flags), \($0.interpreter ?? "-"))" }
                    .joined(separator: ", "), "--replace removes \(takers.count > 1 ? "them" : "it") first")
        }
        var obstacles = takers
        if let namesake = registry.handlers.first(where: { $0.name == name }), !takers.contains(namesake) {
            guard namesake.takes(guest) else {
                throw refusal(
                    "a name that is free", "an entry \(name) that takes \(namesake.words(for: guest))",
                    "give another one with --name")
            }
            guard replace else {
                throw refusal(
                    "no entry of that name", "\(name), which takes \(guest.name) programs and is disabled",
                    "printf 1 > \(directory)/\(name) enables it, --replace removes it first")
            }
            obstacles.append(namesake)
        }
        for obstacle in obstacles {
            change.steps.append(HandlerRemoval.step(obstacle, directory: directory))
            change.notes += HandlerRemoval.doubts(obstacle)
        }
        return nil
    }

    /// - Throws: `HandlerRefusal` when the kernel does not give every program of the guest to the new entry.
    private func verify() throws {
        let registry = Registry.read(directory: directory)
        for shape in guest.shapes {
            let winner = registry.handler(for: shape.header)
            guard winner?.name != name else { continue }
            throw HandlerRefusal(
                "keep \(name)", code: .impossible,
                expected: "the kernel to give it \(guest.name) programs (\(shape.name))",
                found: "\(winner.map { "\($0.name) takes them" } ?? "no entry takes them"), and undid the change")
        }
    }

    private func refusal(_ expected: String, _ found: String, _ advice: String? = nil) -> HandlerRefusal {
        HandlerRefusal("register \(name)", expected: expected, found: found, advice: advice)
    }
}
