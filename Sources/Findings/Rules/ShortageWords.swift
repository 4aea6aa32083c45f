import Evidence
import Glibc

/// Which limit a failure stands for, by its errno, signal or words.
enum ShortageWords {
    /// - Parameter words: the last line of standard error, if the result does not quote it.
    /// - Returns: names of resource limits.
    static func resources(of result: ProbeEvidence.Result, words: String = "") -> Set<String> {
        switch result {
        case .crashed(SIGXCPU, _): return ["RLIMIT_CPU"]
        case .crashed(SIGXFSZ, _): return ["RLIMIT_FSIZE"]
        default: break
        }
        return resources(in: text(of: result) + " " + words)
    }

    /// - Returns: names of resource limits.
    static func resources(in text: String) -> Set<String> {
        let words = text.lowercased()
        return table.reduce(into: []) { found, row in
            if row.words.contains(where: words.contains) { found.formUnion(row.names) }
        }
    }

    /// Whether Assay itself lacked descriptors to start a program.
    static func isOwnDescriptors(_ result: ProbeEvidence.Result) -> Bool {
        if case .noVenue(_, let error, _) = result { [EMFILE, ENFILE].contains(error) } else { false }
    }

    /// Whether a cgroup may be the reason: it may refuse memory or a process without counting that as enforced.
    static func mayBe(_ group: LimitEvidence.Group, of result: ProbeEvidence.Result) -> Bool {
        let named = resources(of: result)
        return switch group.controller {
        case .memory: named.contains("RLIMIT_AS") && group.limit < 1 << 30
        case .pids: named.contains("RLIMIT_NPROC") && group.limit < 256
        }
    }

    private static let table: [(words: [String], names: [String])] = [
        (
            [
                "enomem", "cannot allocate memory", "unable to reserve", "unable to find a guest_base", "out of memory",
                "failed to map", "guest address space", "allocate",
            ], ["RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_MEMLOCK"]
        ),
        (
            ["eagain", "resource temporarily unavailable"], ["RLIMIT_NPROC", "RLIMIT_MEMLOCK", "RLIMIT_SIGPENDING"]
        ),
        (["emfile", "too many open files"], ["RLIMIT_NOFILE", "RLIMIT_MSGQUEUE"]),
        (["mlock"], ["RLIMIT_MEMLOCK"]),
        (["efbig", "file too large"], ["RLIMIT_FSIZE"]),
        (["e2big", "argument list too long"], ["RLIMIT_STACK"]),
    ]

    private static func text(of result: ProbeEvidence.Result) -> String {
        switch result {
        // mlock(2) says EPERM where nothing may be locked.
        case .failed(let expected, let seen): expected.hasPrefix("mlock ") ? "mlock \(seen)" : seen
        case .crashed(_, let message): message
        case .unproven(let detail): detail
        case .refused(let error, let text), .noVenue(_, let error, let text):
            // Only the limit of a user's processes: a group would have counted it.
            error == EAGAIN ? "EAGAIN" : error == ENOMEM ? "ENOMEM" : text
        case .lost(let reason), .limited(let reason), .skipped(let reason), .notApplicable(let reason): reason
        case .passed, .hung, .silent, .notBegun: ""
        }
    }
}
