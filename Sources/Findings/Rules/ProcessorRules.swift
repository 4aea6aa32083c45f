import Evidence
import Guest

/// Compares the processor that programs see with what builds need. What programs see counts, not what is configured.
struct ProcessorRules {
    let host: HostEvidence
    let probes: [ProbeEvidence]

    var findings: [Finding] {
        guard !host.isGuestNative, host.guest == .standard else { return [] }
        let model = host.environment["QEMU_CPU"]
        guard let seen = probes.lazy.compactMap(\.start).first else { return configured(model) }
        let missing = ProcessorFeature.all.filter { seen.hwcap >> UInt64($0.bit) & 1 == 0 }
        guard let gravest = missing.max(by: { $0.profile.severity < $1.profile.severity }) else { return [] }
        let names = missing.map(\.name).joined(separator: ", ")
        let set = model.map { ["QEMU_CPU=\($0)"] } ?? []
        return [
            Finding(
                .cpuModelRestricted, severity: gravest.profile.severity,
                summary: (model.map { "QEMU_CPU=\($0): " } ?? "")
                    + "programs see a processor below \(gravest.profile.rawValue), without \(names)",
                evidence: set
                    + [
                        "AT_HWCAP 0x\(String(seen.hwcap, radix: 16)), AT_HWCAP2 0x\(String(seen.hwcap2, radix: 16)), as an emulated program sees them"
                    ] + missing.map { "\($0.name) (\($0.profile.rawValue)) is missing: SIGILL in \($0.needed)" },
                remedy: model == nil ? Remedy(host: host).withoutWrapper() : Advice("unset QEMU_CPU"))
        ]
    }

    /// The finding by configuration alone, if no program ran that could tell.
    private func configured(_ model: String?) -> [Finding] {
        guard let model, model != "max" else { return [] }
        return [
            Finding(
                .cpuModelRestricted, summary: "QEMU_CPU=\(model): programs see that processor only",
                evidence: ["QEMU_CPU=\(model)"], remedy: Advice("unset QEMU_CPU"))
        ]
    }
}
