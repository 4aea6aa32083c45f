import Binfmt
import ELF
import Evidence
import Glibc

/// Whether the entries take what they should, and nothing else: matched against synthetic headers, as the kernel would.
struct HandlerShapeRules {
    let host: HostEvidence
    let remedy: Remedy
    /// The probes that the kernel refused with ENOEXEC.
    let refused: [String]

    var findings: [Finding] { wrongMagic + tooStrict + tooBroad + shadowed }

    private var enabled: [Handler] { host.registry.handlers.filter(\.enabled) }

    /// Headers of programs that an entry for AArch64 must leave alone.
    private static let foreign: [(name: String, header: [UInt8])] = [
        ("x86-64", ELFHeader.synthetic(machine: .amd64)),
        ("x86-64 (position-independent)", ELFHeader.synthetic(machine: .amd64, type: .shared)),
        ("i386", ELFHeader.synthetic(machine: .i386, elfClass: .bits32)),
        ("32-bit arm", ELFHeader.synthetic(machine: .arm, elfClass: .bits32)),
        ("RISC-V", ELFHeader.synthetic(machine: .riscv)),
        ("big-endian AArch64", ELFHeader.synthetic(byteOrder: .big)),
        ("ILP32 AArch64", ELFHeader.synthetic(elfClass: .bits32)),
    ]

    /// An emulator of AArch64 by its own file's name; the entry's name says nothing.
    private func isForAArch64(_ handler: Handler) -> Bool {
        guard case .magic = handler.recognition else { return false }
        let file = handler.interpreter?.split(separator: "/").last ?? ""
        return file.contains("aarch64") && !file.contains("aarch64_be") || file.contains("arm64")
    }

    private var wrongMagic: [Finding] {
        guard !AArch64Shape.all.contains(where: { host.registry.handler(for: $0.header) != nil }) else { return [] }
        guard let handler = enabled.first(where: isForAArch64) else { return [] }
        return [
            Finding(
                .handlerWrongMagic,
                summary: "\(handler.name) starts \(handler.interpreter ?? ""), and takes no AArch64 program",
                evidence: remedy.quote(handler), remedy: remedy.register(replacing: handler), checks: refused)
        ]
    }

    private var tooStrict: [Finding] {
        let missed = AArch64Shape.all.filter { host.registry.handler(for: $0.header) == nil }
        guard !missed.isEmpty, missed.count < AArch64Shape.all.count else { return [] }
        guard
            let handler = enabled.first(where: { handler in AArch64Shape.all.contains { handler.matches($0.header) } })
        else { return [] }
        return [
            Finding(
                .handlerMaskTooStrict,
                summary: "\(handler.name) misses AArch64 programs: \(missed.map(\.name).joined(separator: ", "))",
                evidence: remedy.quote(handler) + missed.map { "no entry takes: \($0.name)" },
                remedy: remedy.register(replacing: handler), checks: refused)
        ]
    }

    private var tooBroad: [Finding] {
        for handler in enabled
        where AArch64Shape.all.contains(where: { handler.matches($0.header) }) {
            let taken = Self.foreign.filter { handler.matches($0.header) }
            guard !taken.isEmpty else { continue }
            return [
                Finding(
                    .handlerTooBroad,
                    summary: "\(handler.name) also takes \(taken.map(\.name).joined(separator: ", "))",
                    evidence: remedy.quote(handler) + taken.map { "matches: \($0.name)" },
                    remedy: remedy.register(replacing: handler), checks: refused)
            ]
        }
        return []
    }

    private var shadowed: [Finding] {
        let takers = enabled.filter { $0.matches(ELFHeader.synthetic()) }
        guard takers.count > 1 else { return [] }
        let names = takers.dropFirst().map(\.name)
        return [
            Finding(
                .handlerShadowed,
                summary:
                    "\(takers[0].name) is used; \(names.joined(separator: ", ")) also takes AArch64 programs and is never reached",
                evidence: takers.flatMap { remedy.quote($0) },
                remedy: takers.dropFirst().map { remedy.remove($0) }.joined(separator: "; "))
        ]
    }
}
