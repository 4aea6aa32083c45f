import Archive
import Evidence

/// Judges an inspected artifact.
struct ArtifactRules {
    let artifact: ArtifactEvidenceSummary
    /// The name by which findings refer to the check of this artifact.
    let reference: String

    var findings: [Finding] { faultFindings + archiveFindings }

    private var faultFindings: [Finding] {
        findings(of: artifact.faults) + findings(of: artifact.notes)
    }

    private func findings(of faults: ArtifactFaults) -> [Finding] {
        let words = FaultWords(artifact: artifact.name)
        return ArtifactFault.Kind.allCases.compactMap { kind in
            let kept = faults.filter { $0.kind == kind }
            guard let first = kept.first else { return nil }
            let count = faults.count(of: kind)
            let more = count > 1 ? " (and \(count - 1) more)" : ""
            let text = words.text(kept)
            return Finding(
                kind.code, summary: "\(first.path)\(more): expected \(first.expected), found \(first.found)",
                evidence: kept.prefix(20).map(Self.line)
                    + (count > 20 ? ["… and \(count - 20) more"] : []),
                cause: text.cause, remedy: text.remedy, checks: [reference])
        }
    }

    private var archiveFindings: [Finding] {
        ArchiveError.Code.allCases.compactMap { kind in
            let errors = artifact.archiveErrors.filter { $0.code == kind }
            guard let first = errors.first, let code = kind.finding else { return nil }
            let words = ArchiveWords(error: first).text
            return Finding(
                code, summary: Self.line(first), evidence: errors.prefix(20).map(Self.line), cause: words.cause,
                remedy: words.remedy, checks: [reference])
        }
    }

    var check: Check {
        let findings = findings
        // A limit, a host that failed to read, or a layer of an unknown kind leaves the question open. Damage answers
        // it.
        let unread =
            artifact.archiveErrors.filter { [.io, .overLimit, .notRead].contains($0.code) }.map(Self.line)
            + artifact.unread.map { "\($0.digest) was not looked at: \($0.reason)" }
        let contradictions = findings.filter { $0.code != .archiveOverLimit && $0.severity == .error }
        let contradicted = !contradictions.isEmpty
        let silent = artifact.binaries == 0 || !artifact.silent.isEmpty
        let contents =
            "\(artifact.platform): ELF files for it: \(artifact.binaries), layers: \(artifact.layers), bytes: \(artifact.bytes)"
            + (artifact.absent.isEmpty ? "" : "; listed, not carried along: \(artifact.absent.joined(separator: ", "))")
            + (artifact.archivesRead > 0 ? ", looked into jars, wheels and zips: \(artifact.archivesRead)" : "")
            + (artifact.archivesUnread > 0
                ? ", not looked into: \(artifact.archivesUnread) (\(artifact.firstUnreadArchive ?? ""))" : "")
            + (artifact.allowed > 0 ? ", allowed by the policy: \(artifact.allowed)" : "")
        let reason =
            contradicted
            ? (contradictions.map(\.summary) + (artifact.layers > 0 ? [contents] : [])).joined(separator: "; ")
            : unread.first.map { $0 + (unread.count > 1 ? " (and \(unread.count - 1) more)" : "") }
                ?? (silent
                    ? contents + ": nothing in it tells its architecture"
                        + (artifact.silent.isEmpty ? "" : " (\(artifact.silent.joined(separator: ", ")))") : contents)
        return Check(
            id: "artifact.contents", kind: .artifact, venue: artifact.name,
            outcome: contradicted ? .fail : !unread.isEmpty || silent ? .broken : .pass, duration: artifact.duration,
            detail: reason, findings: findings.map(\.code))
    }

    private static func line(_ fault: ArtifactFault) -> String {
        let place = fault.place.map { " (\(FaultWords.described($0)))" } ?? ""
        let layer = fault.layer.map { " in \($0)\(place)" } ?? place
        return "\(fault.path)\(layer): expected \(fault.expected), found \(fault.found)"
    }

    private static func line(_ error: ArchiveError) -> String {
        let name = error.archive.isEmpty ? ArtifactFault.nameless : error.archive
        let archive = error.origin.map { "\(name) (\($0))" } ?? name
        let place = error.entry.map { "\(archive): \($0)" } ?? archive
        return "\(place): expected \(error.expected), found \(error.found)"
    }
}
