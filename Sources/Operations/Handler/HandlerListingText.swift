import Binfmt
import Guest
import Reports

extension HandlerListing {
    /// The form for people.
    ///
    /// - Parameters:
    ///   - all: whether to show boot entries for other machines too.
    ///   - width: of the terminal, in columns; nil: there is no limit.
    public func text(all: Bool, width: Int? = nil) -> String {
        (entryLines(width) + [""] + bootLines(all: all, width)).joined(separator: "\n") + "\n"
    }

    private func entryLines(_ width: Int?) -> [String] {
        let rows = rows(width)
        switch registry.state {
        case .unavailable(let reason, _): return ["Registry: \(reason)"]
        case .disabled:
            return ["Registry \(registry.directory): disabled as a whole, no entry applies"] + rows
        case .enabled:
            guard !registry.handlers.isEmpty else { return ["Registry \(registry.directory): no entries"] }
            return ["Registry \(registry.directory), newest first"] + rows
        }
    }

    private func rows(_ width: Int?) -> [String] {
        guard !registry.handlers.isEmpty else { return [] }
        let rows = registry.handlers.map { handler in
            [
                mark(role(of: handler)), handler.name, handler.enabled ? "enabled" : "disabled",
                handler.flags.isEmpty ? "-" : handler.flags, handler.interpreter ?? "-", handler.words(for: guest),
                note(role(of: handler)),
            ]
        }
        return Table([["", "NAME", "STATE", "FLAGS", "INTERPRETER", "TAKES", guest.name.uppercased()]] + rows)
            .lines(within: width, below: [4])
    }

    private func mark(_ role: Role) -> String { role == .wins || role == .winsInPart ? "*" : "" }

    private func note(_ role: Role) -> String {
        switch role {
        case .wins: "used"
        case .winsInPart: "used for some"
        case .shadowed: "shadowed"
        case .disabled: "not used"
        case .none: ""
        }
    }

    private func bootLines(all: Bool, _ width: Int?) -> [String] {
        let who = boot.registrars.map(\.rawValue).joined(separator: ", then ")
        let shown = boot.entries.filter { all || $0.handler.takes(guest) }
        let hidden = boot.entries.count - shown.count
        var lines = ["At boot, by \(who.isEmpty ? "nobody: neither systemd-binfmt nor update-binfmts is here" : who)"]
        for registrar in boot.registrars {
            if let state = boot.states[registrar] { lines.append("  \(registrar.unit): \(state.words)") }
        }
        if shown.isEmpty && hidden == 0 { lines.append("  nothing") }
        if !shown.isEmpty {
            let rows = shown.map { entry in
                [
                    entry.handler.name, entry.path, entry.handler.flags.isEmpty ? "-" : entry.handler.flags,
                    entry.handler.interpreter ?? "-", entry.handler.words(for: guest),
                    shadow(of: entry).map { "shadowed by \($0)" } ?? entry.state.words,
                ]
            }
            lines += Table([["NAME", "FILE", "FLAGS", "INTERPRETER", "TAKES", "STATE"]] + rows)
                .lines(within: width, below: [1, 3])
        }
        if hidden > 0 { lines.append("  and \(hidden) for other files (--all shows them)") }
        lines += boot.malformed.map { "  cannot be read: \($0)" }
        return lines
    }
}
