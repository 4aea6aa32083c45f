import Guest

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

    /// The one platform that all of it is about; nil where there is none, or an artifact was to be all that it lists.
    public var platform: String? {
        if let guest = host?.guest { return guest.platform }
        // Builders may be asked for this host's own platform alone.
        let other = builders.first { !$0.platforms.contains($0.guest.platform) }?.platforms.first
        if let guest = builders.first?.guest { return other ?? guest.platform }
        let wanted = Set(artifacts.map(\.platform))
        // A platform has a system and an architecture; `all` is none.
        return wanted.count == 1 ? wanted.first { $0.contains("/") } : nil
    }
}
