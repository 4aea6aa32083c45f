import Binfmt
import Glibc
public import Guest
import ScenarioFormat

/// `assay handler remove`: removes an entry from the registry.
public struct HandlerRemoval: Sendable {
    public var guest: Guest
    /// The entry's name; nil: the entry that takes the guest's programs.
    public var name: String?
    /// Whether to remove what `assay handler install --persist` wrote for the boot too.
    public var persist: Bool
    public var directory = Registry.standardDirectory

    public init(guest: Guest, name: String?, persist: Bool) {
        self.guest = guest
        self.name = name
        self.persist = persist
    }

    /// Reads the host's state, and plans the change. Changes nothing.
    ///
    /// - Throws: `HandlerRefusal` if there is nothing to remove.
    public func plan() throws(HandlerRefusal) -> HandlerChange {
        let registry = Registry.read(directory: directory)
        if case .unavailable(let reason, _) = registry.state, !persist {
            throw HandlerRefusal(
                "remove \(name ?? "the handler")", expected: "a binfmt_misc registry", found: reason)
        }
        let entry = try entry(in: registry)
        let chosen = entry?.name ?? name ?? guest.emulator
        var change = HandlerChange()
        if let entry { change.steps.append(Self.step(entry, directory: directory)) }
        try HandlerPersistence(guest: guest, wanted: Handler(name: chosen, text: ""), directory: directory)
            .remove(atBoot: persist, from: &change)
        guard !change.isEmpty else {
            throw HandlerRefusal(
                "remove \(chosen)", expected: "an entry, or what install --persist wrote", found: "neither")
        }
        change.notes += entry.map(Self.doubts) ?? []
        let rest = registry.takers(of: guest).filter { $0.name != chosen }
        let next = rest.first?.name ?? "no entry"
        change.outcome = "\(chosen) is gone: \(next) takes \(guest.name) programs now"
        return change
    }

    /// Plans and makes the change.
    ///
    /// - Throws: `HandlerRefusal`, `RegistryError` or `HandlerChange.Stranded`.
    public func run() throws -> HandlerChange {
        OwnContainer.mountRegistry(on: directory)
        let change = try plan()
        try change.apply()
        return change
    }

    private func entry(in registry: Registry) throws(HandlerRefusal) -> Handler? {
        let found = registry.handlers
        if let name {
            if let entry = found.first(where: { $0.name == name }) { return entry }
            if persist { return nil }
            let nearest = UnknownName(kind: "entry", name: name, known: found.map(\.name)).nearest
            throw HandlerRefusal(
                "remove \(name)", expected: "an entry of that name",
                found: found.isEmpty ? "no entry at all" : found.map(\.name).joined(separator: " "),
                advice: nearest.map { "the nearest is \"\($0)\"" })
        }
        if let entry = registry.takers(of: guest).first { return entry }
        // No entry is in force, but a disabled one is meant all the same.
        if let entry = found.first(where: { $0.takes(guest) }) { return entry }
        if persist { return nil }
        throw HandlerRefusal(
            "remove the handler", expected: "an entry that takes \(guest.name) programs",
            found: found.isEmpty ? "no entry at all" : "only \(found.map(\.name).joined(separator: " "))")
    }

    /// The step that removes an entry. Undoing it brings the entry back in its state.
    static func step(_ entry: Handler, directory: String) -> HandlerChange.Step {
        var undo: [HandlerOperation] = entry.rule == nil ? [] : [.register(entry, directory: directory)]
        if !entry.enabled && !undo.isEmpty { undo.append(.setEnabled(entry.name, false, directory: directory)) }
        return HandlerChange.Step(operation: .unregister(entry.name, directory: directory), undo: undo)
    }

    /// Why an entry may not come back as it was, for people.
    static func doubts(_ entry: Handler) -> [String] {
        guard entry.rule != nil else {
            return ["\(entry.name) is of a kind that Assay does not know: removing it cannot be undone"]
        }
        guard entry.isFixed, let path = entry.interpreter, access(path, X_OK) != 0 else { return [] }
        return [
            "\(path), which the kernel holds open for \(entry.name), is not there any more: "
                + "removing it cannot be undone from here"
        ]
    }
}
