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
        let missing = ProcessorFeature.all.filter { !$0.isClaimed(by: seen) || !$0.isExecuted(by: seen) }
        guard let gravest = missing.max(by: { $0.severity(seen) < $1.severity(seen) }) else { return [] }
        let names = missing.map(\.name).joined(separator: ", ")
        let set = model.map { ["QEMU_CPU=\($0)"] } ?? []
        return [
            Finding(
                .cpuModelRestricted, severity: gravest.severity(seen),
                summary: (model.map { "QEMU_CPU=\($0): " } ?? "")
                    + "programs see a processor below \(gravest.profile.rawValue), without \(names)",
                evidence: set
                    + [
                        "AT_HWCAP 0x\(String(seen.hwcap, radix: 16)), AT_HWCAP2 0x\(String(seen.hwcap2, radix: 16)), as an emulated program sees them"
                    ] + missing.map { $0.lack(in: seen) },
                remedy: model == nil ? Remedy(host: host).withoutWrapper() : host.without(["QEMU_CPU"]))
        ]
    }

    /// The finding by configuration alone, if no program ran that could tell.
    private func configured(_ model: String?) -> [Finding] {
        guard let model, model != "max" else { return [] }
        return [
            Finding(
                .cpuModelRestricted, summary: "QEMU_CPU=\(model): programs see that processor only",
                evidence: ["QEMU_CPU=\(model)"], remedy: host.without(["QEMU_CPU"]))
        ]
    }
}

extension ProcessorFeature {
    func isClaimed(by seen: InitialStack) -> Bool { seen.hwcap >> UInt64(bit) & 1 == 1 }

    /// Whether its instruction was executed. Where none was tried the claim counts.
    func isExecuted(by seen: InitialStack) -> Bool { (seen.executes ?? seen.hwcap) >> UInt64(bit) & 1 == 1 }

    /// A false claim is an error: programs that ask before they use a feature die of it, too.
    func severity(_ seen: InitialStack) -> Severity {
        isClaimed(by: seen) && !isExecuted(by: seen) ? .error : profile.severity
    }

    func lack(in seen: InitialStack) -> String {
        let what =
            switch (isClaimed(by: seen), isExecuted(by: seen)) {
            case (true, false): "is claimed by AT_HWCAP, and its instruction raises SIGILL: also"
            case (false, true): "executes, and AT_HWCAP does not claim it: programs that ask do without;"
            default: "is missing: SIGILL in"
            }
        return "\(name) (\(profile.rawValue)) \(what) \(needed)"
    }
}
