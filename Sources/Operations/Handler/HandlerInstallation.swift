import Binfmt
import Evidence
import Findings
import Glibc
public import Guest
import Host

/// `assay handler install`: registers an interpreter for a guest's programs.
public struct HandlerInstallation: Sendable {
    public var guest: Guest
    /// The path of the interpreter; nil: the best one of this host.
    public var interpreter: String?
    /// The entry's flags, such as `POCF`.
    public var flags: String
    /// The entry's name.
    public var name: String
    /// Whether to register the entry at boot too.
    public var persist: Bool
    /// Whether to remove what stands in the way.
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

    /// Reads the host's state, and plans the change. Changes nothing.
    ///
    /// - Throws: `HandlerRefusal` if the state forbids it.
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
            if OwnContainer.trace == nil {
                change.notes.append("binfmt_misc is not mounted on \(directory): that comes first, and needs root")
            }
        case .disabled:
            throw refusal(
                "an enabled registry", "\(directory)/status says disabled: no entry applies",
                "printf 1 > \(directory)/status")
        case .enabled: try checkAccess(host, &change)
        }
        // A newly mounted registry is empty.
        let registry = change.isEmpty ? host.registry : Registry(state: .enabled, handlers: [], directory: directory)
        let registered = try clearing(registry, for: wanted, &change)
        try HandlerPersistence(
            guest: guest, wanted: wanted, registered: registered, directory: directory, replace: replace
        )
        .install(atBoot: persist, into: &change)
        // Offer an undo command only if everything was added: a removal cannot bring back what gave way, and must not
        // remove what was there before.
        if registered == nil, change.steps.allSatisfy(\.isAddition) {
            change.undoCommand = "handler remove \(shellQuoted(name))" + (persist ? " --persist" : "")
        }
        if change.isEmpty {
            change.notes.append("all of it is so already: nothing is to be done")
        }
        noteContainer(path, &change)
        return change
    }

    /// Says what ends with the container that this program runs in.
    private func noteContainer(_ path: String, _ change: inout HandlerChange) {
        guard let trace = OwnContainer.trace, !change.isEmpty else { return }
        change.mountsEndByThemselves = true
        change.notes.append("in a container (\(trace)): what is mounted ends with it, the entry stays")
        guard !isFixed else { return }
        change.notes.append(
            "without F the kernel opens \(path) anew for each program: it is only in this container, and gone with it")
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
        var tried: RemedyTrial.Outcome?
        if choosesFlags, let path = try? chosenPath(nil) {
            for flags in [flags, "OCF"] {
                let outcome = trial.outcome(of: .init(interpreter: path, flags: flags))
                guard case .fails(let faults) = outcome, faults.contains(where: { $0.code == .handlerRewritesArgv0 })
                else {
                    chosen.flags = flags
                    tried = outcome
                    break
                }
            }
        }
        try chosen.demandBetter(trial, tried)
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
            // Without a private registry, the entry itself shows the fault.
            chosen.flags = "OCF"
            var change = try chosen.run { words = try chosen.prove(trial) }
            change.outcome += ": \(words)"
            return change
        }
    }

    /// Tries in a private registry first what an entry is to give way to: nothing here is changed for what does not work, and what
    /// cannot be brought back goes only for what was shown to work.
    ///
    /// - Parameter outcome: of the same interpreter and flags, if it was tried already.
    /// - Throws: `HandlerRefusal`.
    private func demandBetter(_ trial: RemedyTrial, _ outcome: RemedyTrial.Outcome?) throws {
        guard let change = try? plan(), let path = try? chosenPath(nil),
            change.steps.contains(where: \.operation.isUnregistering)
        else { return }
        let reason: String
        switch outcome ?? trial.outcome(of: .init(interpreter: path, flags: flags)) {
        case .fits: return
        case .unknown(let why):
            guard change.isFinal else { return }
            reason = "that could not be tried in a private registry: \(why)"
        case .fails(let faults):
            guard let fault = ownFault(faults) else { return }
            // The change itself is tried, and undone where it does not hold.
            guard change.isFinal || fault.code.entry.link != nil else { return }
            reason = "in a private registry \(fault.text)"
        }
        throw HandlerRefusal(
            "register \(name)", code: .impossible, expected: "\(guest.name) programs to run through \(path)",
            found: "\(reason); nothing was changed"
                + (change.isFinal ? ", for what stands in the way could not be brought back" : ""))
    }

    /// The interpreter shifted the program's arguments.
    private struct Shifted: Error {
        let refusal: HandlerRefusal
    }

    /// Runs a program through the entry.
    ///
    /// - Returns: what that showed, for people.
    /// - Throws: `HandlerRefusal` or `Shifted` if the entry is at fault.
    private func prove(_ trial: RemedyTrial) throws -> String {
        switch trial.outcome() {
        case .fits: return "one ran and proved itself, \(place) and in an empty root"
        case .unknown(let reason): return "whether they run could not be found out: \(reason)"
        case .fails(let faults):
            guard let fault = ownFault(faults) else {
                return "one ran and proved itself \(place); without F none does in a container"
            }
            guard fault.code.entry.link != nil else { return "none was shown to run: \(fault.text)" }
            let refusal = HandlerRefusal(
                "keep \(name)", code: .impossible, expected: "\(guest.name) programs to run through it",
                found: "\(fault.text), and undid the change")
            if fault.code == .handlerRewritesArgv0 { throw Shifted(refusal: refusal) }
            throw refusal
        }
    }

    /// The first fault, but for what flags that were asked for imply.
    private func ownFault(_ faults: [RemedyTrial.Fault]) -> RemedyTrial.Fault? {
        faults.first { $0.code != .handlerNotFixed || isFixed }
    }

    /// Where a program runs that is not in an empty root, for people.
    private var place: String { OwnContainer.trace == nil ? "on the host" : "in this container" }

    private var isFixed: Bool { flags.contains("F") }

    /// Plans and makes the change, and checks that the kernel chooses the new entry.
    ///
    /// - Throws: `HandlerRefusal`, `RegistryError` or `HandlerChange.Stranded`. Except after the last, nothing has
    ///   changed.
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

    /// Handles a registry that this caller may not write to. Mounts one of this namespace's own, if that is possible
    /// and hides no enabled entry.
    ///
    /// - Throws: `HandlerRefusal` if there is none to write to.
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

    /// Removes the entries that take the guest's programs or have the name, if that was asked for.
    ///
    /// - Returns: the wanted entry, if it is already registered.
    /// - Throws: `HandlerRefusal` if an entry is in the way.
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
            guard namesake.takes(guest) || replace && namesake.startsEmulator(of: guest) else {
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

    /// - Throws: `HandlerRefusal` if the kernel chooses another entry for some program of the guest.
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
