import Binfmt
import Glibc
import Guest

/// The part of installing and removing an entry that outlives a reboot.
struct HandlerPersistence {
    let guest: Guest
    let wanted: Handler
    /// The entry if the kernel has it already; nil if it must be registered.
    var registered: Handler?
    var directory = Registry.standardDirectory
    /// Whether somebody else's file may be replaced.
    var replace = false

    var name: String { wanted.name }

    /// The first words of a file that Assay has written.
    static let marker = "# Written by \"assay handler install --persist\""

    /// Adds the steps that register the entry now, and at boot if that was asked for.
    ///
    /// - Throws: `HandlerRefusal` if it cannot be registered at boot.
    func install(atBoot: Bool, into change: inout HandlerChange) throws(HandlerRefusal) {
        guard atBoot else { return register(&change) }
        let boot = BootConfiguration.read()
        let registrar = try registrar(boot)
        if let state = boot.states[registrar] { change.notes.append("\(registrar.unit): \(state.words)") }
        switch registrar {
        case .binfmtSupport: try registerWithDatabase(boot, &change)
        case .systemd:
            register(&change)
            try writeFile(&change)
        }
        let path = BootConfiguration.path(of: name, by: registrar)
        change.notes += boot.afterBoot.filter { $0.handler.takes(guest) && $0.handler.name != name }
            .map { "at boot \($0.path) is registered too, and then shadowed by \(path)" }
    }

    /// The service that shall register the entry at boot. `update-binfmts` if it can: somebody installed it on purpose.
    ///
    /// - Throws: `HandlerRefusal` if no service can.
    private func registrar(_ boot: BootConfiguration) throws(HandlerRefusal) -> BootRegistrar {
        guard !boot.registrars.isEmpty else {
            throw refusal(
                "systemd-binfmt or update-binfmts, which register at boot", "neither",
                "run assay handler install when the host boots")
        }
        let awake = boot.awake
        guard !awake.isEmpty else {
            let idle = boot.registrars.compactMap { registrar in boot.states[registrar].map { (registrar.unit, $0) } }
            throw refusal(
                "a service that registers at boot",
                idle.map { "\($0): \($1.words)" }.joined(separator: "; "),
                idle.map { unit, state in
                    guard case .masked(let path) = state else { return "systemctl enable \(unit)" }
                    // What is masked may be the unit that mounts the registry.
                    return "systemctl unmask \(path.split(separator: "/").last ?? Substring(unit))"
                }.joined(separator: " or "))
        }
        if let registrar = boot.registrar(for: wanted, of: guest) { return registrar }
        let winner = awake.first.flatMap { boot.adding(wanted, by: $0).winner(for: guest) }
        let path = winner?.path ?? "another entry"
        throw refusal(
            "the new entry to take \(guest.name) programs after a boot", "\(path), which would",
            "remove that, or give its --name (\(winner?.handler.name ?? ""))")
    }

    private func register(_ change: inout HandlerChange) {
        guard registered == nil else { return }
        change.add(.register(wanted, directory: directory), undo: .unregister(name, directory: directory))
    }

    private func writeFile(_ change: inout HandlerChange) throws(HandlerRefusal) {
        let path = BootConfiguration.path(of: name, by: .systemd)
        let parent = BootConfiguration.systemdDirectories[0]
        let text = "\(Self.marker); \"assay handler remove \(name) --persist\" removes it.\n\(wanted.rule ?? "")\n"
        if access("/run/systemd/system", F_OK) != 0 {
            change.notes.append("systemd does not run here: \(path) is read only once it does")
        }
        if access(parent, F_OK) != 0 { change.add(.makeDirectory(parent), undo: .removeDirectory(parent)) }
        let write = HandlerOperation.writeFile(path, text: text)
        let expected = "no \(path), or one that Assay wrote"
        switch PersistedFile(path) {
        case .absent: change.add(write, undo: .removeFile(path))
        case .text(let old):
            guard old != text else { return }
            guard old.hasPrefix(Self.marker) || replace else {
                throw refusal(expected, "somebody else's", "--replace overwrites it, or give another --name")
            }
            change.add(write, undo: .writeFile(path, text: old))
        case .link(let target):
            guard replace else {
                let masked = target == "/dev/null"
                throw refusal(
                    expected, "a link to \(target)",
                    masked ? "somebody masked the rule: --replace overrules that" : "--replace overwrites it")
            }
            change.add(write, undo: .link(path, to: target))
        case .other(let reason): throw refusal("a file that can be replaced", reason)
        }
    }

    /// Adds the steps that take back what `install` wrote, or notes that it stays.
    ///
    /// - Throws: `HandlerRefusal`.
    func remove(atBoot: Bool, from change: inout HandlerChange) throws(HandlerRefusal) {
        let boot = BootConfiguration.read()
        if atBoot {
            let path = BootConfiguration.path(of: name, by: .systemd)
            switch PersistedFile(path) {
            case .text(let text) where text.hasPrefix(Self.marker):
                change.add(.removeFile(path), undo: .writeFile(path, text: text))
            case .text, .link, .other:
                throw HandlerRefusal("remove \(path)", expected: "a file that Assay wrote", found: "somebody else's")
            case .absent: break
            }
            removeFromDatabase(boot, &change)
        }
        for entry in boot.entries where entry.handler.name == name {
            let ours = isOurs(entry)
            switch entry.state {
            case .applies where atBoot && ours, .uncertain where atBoot && ours: continue
            case .applies, .uncertain: break
            // Once the file that overrides it is removed, this entry applies.
            case .overridden(let path) where atBoot && path == BootConfiguration.path(of: name, by: .systemd): break
            case .overridden, .masked, .disabled, .notImported, .noRegistrar: continue
            }
            let advice = ours ? "--persist removes that too" : "it is not Assay's"
            change.notes.append("\(entry.path) brings it back at boot: \(advice)")
        }
    }

    private func isOurs(_ entry: BootEntry) -> Bool {
        switch entry.registrar {
        case .systemd: PersistedFile(entry.path).isMarked(Self.marker)
        case .binfmtSupport: entry.package == Self.package
        }
    }

    func refusal(_ expected: String, _ found: String, _ advice: String? = nil) -> HandlerRefusal {
        HandlerRefusal("register \(name) at boot", expected: expected, found: found, advice: advice)
    }
}
