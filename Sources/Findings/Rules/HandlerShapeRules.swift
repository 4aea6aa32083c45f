import Binfmt
import ELF
import Evidence
import Glibc
import Guest

/// Judges whether the entries take what they should, and nothing else. Matches them against synthetic headers, as the
/// kernel does.
struct HandlerShapeRules {
    let host: HostEvidence
    let remedy: Remedy
    /// The probes that the kernel refused with ENOEXEC.
    let refused: [String]

    var findings: [Finding] { wrongMagic + tooStrict + tooBroad + shadowed }

    private var enabled: [Handler] { host.registry.handlers.filter(\.enabled) }

    private var guest: Guest { host.guest }

    /// Whether its interpreter is an emulator of the guest, by the file's name. The entry's name says nothing.
    private func isForGuest(_ handler: Handler) -> Bool {
        guard case .magic = handler.recognition else { return false }
        let file = handler.interpreter?.split(separator: "/").last ?? ""
        // Of another byte order (`armeb`, `aarch64_be`) or width (`arm64`) it is another machine's.
        return [guest.qemu, guest.architecture].contains { name in
            file.contains(name) && !["_be", "eb", "64"].contains { file.contains(name + $0) }
        }
    }

    private var wrongMagic: [Finding] {
        guard host.registry.winners(for: guest).isEmpty, let handler = enabled.first(where: isForGuest) else {
            return []
        }
        return [
            Finding(
                .handlerWrongMagic,
                summary: "\(handler.name) starts \(handler.interpreter ?? ""), and takes no \(guest.name) program",
                evidence: remedy.quote(handler), remedy: remedy.register(replacing: handler), checks: refused)
        ]
    }

    private var tooStrict: [Finding] {
        let missed = guest.shapes.filter { host.registry.handler(for: $0.header) == nil }
        guard !missed.isEmpty, missed.count < guest.shapes.count,
            let handler = enabled.first(where: { $0.takes(guest) })
        else { return [] }
        return [
            Finding(
                .handlerMaskTooStrict,
                summary: "\(handler.name) misses \(guest.name) programs: \(missed.map(\.name).joined(separator: ", "))",
                evidence: remedy.quote(handler) + missed.map { "no entry takes: \($0.name)" },
                remedy: remedy.register(replacing: handler), checks: refused)
        ]
    }

    private var tooBroad: [Finding] {
        for handler in enabled where handler.takes(guest) {
            guard let reach = HandlerReach(handler), !reach.isOnly(guest) else { continue }
            let beside = reach.beside(guest)
            guard !beside.isEmpty else { continue }
            // Nobody executes files of other types, but programs for other machines.
            return [
                Finding(
                    .handlerTooBroad, severity: reach.takesOtherPrograms(than: guest) ? .error : .warning,
                    summary: "\(handler.name) also takes \(beside.joined(separator: "; "))",
                    evidence: remedy.quote(handler) + beside.map { "matches: \($0)" },
                    remedy: remedy.register(replacing: handler), checks: refused)
            ]
        }
        return []
    }

    /// An entry that takes some of the programs, and wins for none of them.
    private var shadowed: [Finding] {
        let winning = Set(host.registry.winners(for: guest).map(\.handler.name))
        let takers = host.registry.takers(of: guest)
        let beaten = takers.filter { !winning.contains($0.name) }
        guard !beaten.isEmpty else { return [] }
        let used = takers.map(\.name).filter(winning.contains)
        return [
            Finding(
                .handlerShadowed,
                summary:
                    "\(used.joined(separator: ", ")) \(used.count == 1 ? "is" : "are") used; \(beaten.map(\.name).joined(separator: ", ")) also takes \(guest.name) programs and is never reached",
                evidence: takers.flatMap { remedy.quote($0) }, remedy: remedy.remove(beaten))
        ]
    }
}
