import Archive
import Evidence

/// What is wrong with an opened artifact.
struct ArtifactRules {
    let artifact: ArtifactEvidenceSummary
    /// How the check on this artifact is referred to.
    let reference: String

    var findings: [Finding] { faultFindings + archiveFindings }

    private var faultFindings: [Finding] {
        ArtifactFault.Kind.allCases.compactMap { kind in
            let faults = artifact.faults.filter { $0.kind == kind }
            guard let first = faults.first else { return nil }
            let count = artifact.faults.count(of: kind)
            let more = count > 1 ? " (and \(count - 1) more)" : ""
            return Finding(
                kind.code, summary: "\(first.path)\(more): expected \(first.expected), found \(first.found)",
                evidence: faults.prefix(20).map(Self.line)
                    + (count > 20 ? ["… and \(count - 20) more"] : []),
                checks: [reference])
        }
    }

    private var archiveFindings: [Finding] {
        ArchiveError.Code.allCases.compactMap { kind in
            let errors = artifact.archiveErrors.filter { $0.code == kind }
            guard let first = errors.first, let code = kind.finding else { return nil }
            return Finding(
                code, summary: Self.line(first), evidence: errors.prefix(20).map(Self.line), checks: [reference])
        }
    }

    var check: Check {
        let findings = findings
        // A limit that was reached, a host that failed to read, or a layer of an unknown kind leaves the question open;
        // damage answers it.
        let unread =
            artifact.archiveErrors.filter { $0.code == .io || $0.code == .overLimit }.map(Self.line)
            + artifact.unread.map { "\($0.digest) was not looked at: \($0.reason)" }
        let contradicted = findings.contains { $0.code != .archiveOverLimit }
        let silent = artifact.binaries == 0
        let contents =
            "\(artifact.platform): ELF files for it: \(artifact.binaries), layers: \(artifact.layers), bytes: \(artifact.bytes)"
            + (artifact.absent.isEmpty ? "" : "; listed, not carried along: \(artifact.absent.joined(separator: ", "))")
            + (artifact.allowed > 0 ? ", allowed by the policy: \(artifact.allowed)" : "")
        let reason =
            contradicted
            ? (findings.map(\.summary) + (artifact.layers > 0 ? [contents] : [])).joined(separator: "; ")
            : unread.first.map { $0 + (unread.count > 1 ? " (and \(unread.count - 1) more)" : "") }
                ?? (silent ? contents + ": nothing in it tells its architecture" : contents)
        return Check(
            id: "artifact.contents", kind: .artifact, venue: artifact.name,
            outcome: contradicted ? .fail : !unread.isEmpty || silent ? .broken : .pass, duration: artifact.duration,
            detail: reason, findings: findings.map(\.code))
    }

    private static func line(_ fault: ArtifactFault) -> String {
        let layer = fault.layer.map { " in \($0)" } ?? ""
        return "\(fault.path)\(layer): expected \(fault.expected), found \(fault.found)"
    }

    private static func line(_ error: ArchiveError) -> String {
        let place = error.entry.map { "\(error.archive): \($0)" } ?? error.archive
        return "\(place): expected \(error.expected), found \(error.found)"
    }
}
