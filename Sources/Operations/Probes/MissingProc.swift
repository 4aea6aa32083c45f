import Evidence
import Glibc
import Probes
import Sandbox
import SystemPackage

/// Probes of /proc in roots that have none. An emulator makes some of its files up from its own, so that such a probe
/// begins, and fails halfway: that is not the emulator's fault.
struct MissingProc {
    /// The errno of mounting it, by venue.
    private var errors: [Venue: Int32] = [:]
    /// Whether this process has it.
    private let isHere: Bool

    init(isHere: Bool = access("/proc/self/stat", F_OK) == 0) {
        self.isHere = isHere
        if !isHere { errors[.direct] = ENOENT }
    }

    /// Notes whether the root of a run had it.
    mutating func note(_ run: ProbeRun, _ ended: Termination) {
        if ended.procError != 0 { errors[run.venue] = ended.procError }
    }

    /// Where this process has no /proc, nothing is known of what such probes are about. Where only a venue may not mount
    /// it, which most containers forbid, they do not apply there.
    ///
    /// - Parameter catalogue: asked only if something failed.
    func correct(_ evidence: inout [ProbeEvidence], catalogue: () throws -> [ProbeDescription]) rethrows {
        let doubtful = evidence.indices.filter {
            errors[evidence[$0].venue] != nil && isInQuestion(evidence[$0].result)
        }
        guard !doubtful.isEmpty else { return }
        let about = Set(try catalogue().filter { $0.proves.contains("/proc") }.map(\.name))
        for index in doubtful where about.contains(evidence[index].probe) {
            let error = Errno(rawValue: errors[evidence[index].venue] ?? 0)
            evidence[index].result =
                isHere
                ? .skipped(reason: "no /proc here: this runner may not mount it in a root of its own (\(error))")
                : .lost(reason: "/proc is not mounted, which this is about")
        }
    }

    private func isInQuestion(_ result: ProbeEvidence.Result) -> Bool {
        switch result {
        case .failed, .crashed, .silent, .hung: true
        case .skipped: !isHere
        default: false
        }
    }
}
