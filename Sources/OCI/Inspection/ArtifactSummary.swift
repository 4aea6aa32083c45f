public import Evidence

extension ArtifactEvidence {
    /// The part of this evidence that the rules need.
    ///
    /// - Parameters:
    ///   - name: the artifact, as the user named it.
    ///   - platform: the wanted platform.
    public func summary(name: String, platform: Platform, duration: Duration) -> ArtifactEvidenceSummary {
        let images = images(for: platform)
        var summary = ArtifactEvidenceSummary(
            name: name, platform: "\(platform)", binaries: images.map(\.nativeBinaries).reduce(0, +),
            layers: images.map(\.layers.count).reduce(0, +),
            bytes: images.flatMap(\.layers).map { Int64(clamping: $0.size) }.reduce(0, +), faults: faults,
            archiveErrors: archiveErrors, duration: duration)
        summary.notes = notes
        summary.archivesRead = images.map(\.archives.read).reduce(0, +)
        summary.archivesUnread = images.map(\.archives.unread).reduce(0, +)
        summary.firstUnreadArchive = images.lazy.compactMap(\.archives.firstUnread).first
        summary.allowed = self.images.map(\.allowed).reduce(0, +)
        summary.unread = unread(for: platform).map {
            .init(digest: $0.digest.isEmpty ? ArtifactFault.nameless : $0.digest, reason: $0.reason)
        }
        summary.absent = absent.map(\.description)
        return summary
    }

    /// The same for all images, each for its own platform.
    public func summaryOfAllPlatforms(name: String, duration: Duration) -> ArtifactEvidenceSummary {
        let images = images.filter { !$0.isAttestation }
        let known = images.compactMap(\.platform)
        var seen: Set<Platform> = []
        let platforms = known.filter { seen.insert($0.normalized).inserted }
        var summary = summary(
            name: name, platform: platforms.first ?? Platform(os: "linux", architecture: "any"), duration: duration)
        summary.platform = platforms.isEmpty ? "no platform" : platforms.map(\.description).joined(separator: ", ")
        summary.binaries = images.map(\.nativeBinaries).reduce(0, +)
        summary.layers = images.map(\.layers.count).reduce(0, +)
        summary.bytes = images.flatMap(\.layers).map { Int64(clamping: $0.size) }.reduce(0, +)
        summary.archivesRead = images.map(\.archives.read).reduce(0, +)
        summary.archivesUnread = images.map(\.archives.unread).reduce(0, +)
        summary.firstUnreadArchive = images.lazy.compactMap(\.archives.firstUnread).first
        summary.unread = unread.map {
            .init(digest: $0.digest.isEmpty ? ArtifactFault.nameless : $0.digest, reason: $0.reason)
        }
        // Other systems have no ELF files.
        summary.silent = images.filter { $0.nativeBinaries == 0 && $0.platform?.normalized.os == "linux" }
            .compactMap { $0.platform?.description }
        return summary
    }
}
