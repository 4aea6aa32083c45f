import Evidence
import Files

/// Judges a file that should be equal to another.
struct ComparisonRules {
    let evidence: ComparisonEvidence

    private var id: String { "artifact.same" }
    private var reference: String { "\(id)@\(evidence.name)" }

    var findings: [Finding] {
        let text: String
        switch evidence.result {
        case .equal, .unreadable: return []
        case .different(let difference): text = words(difference)
        case .otherKind(let found, let expected):
            text = "\(evidence.name) differs from \(evidence.reference): expected \(expected), found \(found)"
        case .missing(let side): text = "\(evidence.name): \(side) does not have this file"
        }
        return [Finding(.artifactNotReproducible, summary: text, evidence: [text], checks: [reference])]
    }

    var check: Check {
        let (outcome, detail): (Outcome, String) =
            switch evidence.result {
            case .equal(let bytes): (.pass, "equal to \(evidence.reference), \(bytes) bytes")
            case .different, .otherKind, .missing: (.fail, findings.first?.summary ?? "")
            case .unreadable(let reason): (.broken, reason)
            }
        return Check(
            id: id, kind: .artifact, venue: evidence.name, outcome: outcome, duration: evidence.duration,
            detail: detail, findings: findings.map(\.code))
    }

    private func words(_ difference: ComparisonEvidence.Difference) -> String {
        let place = difference.place.map { " (\($0))" } ?? ""
        let more = difference.count > 1 ? "; \(difference.count) bytes differ" : ""
        return "\(evidence.name) differs from \(evidence.reference) at offset \(difference.offset)\(place): "
            + "expected \(byte(difference.expected)), found \(byte(difference.found))\(more)"
    }

    private func byte(_ value: UInt8?) -> String {
        value.map { "0x\($0.hexadecimal)" } ?? "the end of the file"
    }
}
