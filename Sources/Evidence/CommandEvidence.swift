/// Everything that one command found out, before any judgement.
public struct CommandEvidence: Sendable {
    /// Nil for commands that do not inspect the host.
    public var host: HostEvidence?
    public var probes: [ProbeEvidence]
    public var builders: [BuilderEvidence] = []
    public var artifacts: [ArtifactEvidenceSummary] = []
    public var entrypoints: [EntrypointEvidence] = []
    public var comparisons: [ComparisonEvidence] = []

    public init(host: HostEvidence? = nil, probes: [ProbeEvidence] = []) {
        self.host = host
        self.probes = probes
    }
}
