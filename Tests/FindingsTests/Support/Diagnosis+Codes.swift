import Evidence
import Findings

extension Diagnosis {
    init(_ host: HostEvidence?, _ probes: [ProbeEvidence]) { self.init(CommandEvidence(host: host, probes: probes)) }

    init(builder: BuilderEvidence) {
        var evidence = CommandEvidence()
        evidence.builders = [builder]
        self.init(evidence)
    }

    init(artifact: ArtifactEvidenceSummary) {
        var evidence = CommandEvidence()
        evidence.artifacts = [artifact]
        self.init(evidence)
    }

    var codes: [FindingCode] { findings.map(\.code) }
    var errors: [FindingCode] { findings.filter { $0.severity == .error }.map(\.code) }

    func outcome(_ reference: String) -> Outcome? { checks.first { $0.reference == reference }?.outcome }
}
