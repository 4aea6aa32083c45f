import Evidence
import Guest

/// Keeps the caller's filter of system calls (seccomp) from passing for a fault of the emulator: the emulator makes other calls than the
/// native twin does, so the twin may pass.
struct FilterRules {
    private let calls: [String]

    /// Groups of probes whose facts need no system call: a filter does not explain them.
    private static let computing: Set = ["arm", "atomics", "cpu", "crypto", "fp", "i386", "simd"]

    /// Nil where no filter refuses a call that emulators make.
    init?(_ host: HostEvidence?) {
        guard let host, !host.runner.filteredCalls.isEmpty else { return nil }
        calls = host.runner.filteredCalls
    }

    /// Changes what a filter may explain into `lost`: nothing was found out.
    func explained(_ probes: [ProbeEvidence]) -> [ProbeEvidence] {
        probes.map { probe in
            guard case .failed(let expected, let seen) = probe.result,
                !Self.computing.contains(String(probe.probe.prefix { $0 != "." }))
            else { return probe }
            var probe = probe
            probe.result = .lost(
                reason:
                    "a filter of system calls (seccomp) refuses \(calls.joined(separator: ", ")) here: expected \(expected); seen \(seen)"
            )
            return probe
        }
    }
}
