public import Evidence

extension ArtifactEvidence {
    /// What the rules need of this evidence.
    ///
    /// - Parameters:
    ///   - name: the artifact, as the user named it.
    ///   - platform: the one that was asked for.
    public func summary(name: String, platform: Platform, duration: Duration) -> ArtifactEvidenceSummary {
        let images = images(for: platform)
        var summary = ArtifactEvidenceSummary(
            name: name, platform: "\(platform)", binaries: images.map(\.nativeBinaries).reduce(0, +),
            layers: images.map(\.layers.count).reduce(0, +),
            bytes: images.flatMap(\.layers).map { Int64(clamping: $0.size) }.reduce(0, +), faults: faults,
            archiveErrors: archiveErrors, duration: duration)
        summary.notes = notes
        summary.allowed = self.images.map(\.allowed).reduce(0, +)
        summary.unread = unread(for: platform).map { .init(digest: $0.digest, reason: $0.reason) }
        summary.absent = absent.map(\.description)
        return summary
    }
}
