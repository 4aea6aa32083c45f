import Archive
import Evidence

/// Checks an archive as `docker save` wrote it before image layouts: `manifest.json`, and a configuration and layers by
/// path.
///
/// Source: <https://github.com/moby/moby/blob/v24.0.9/image/spec/spec.md#combined-image-json--filesystem-changeset-format>
struct DockerInspection {
    /// One image of `manifest.json`.
    struct Entry: Decodable {
        var config: String
        var layers: [String]
        var tags: [String]?

        enum CodingKeys: String, CodingKey {
            case config = "Config"
            case layers = "Layers"
            case tags = "RepoTags"
        }
    }

    /// Whether a document is such a manifest: an array that names configurations or layers, or one that is damaged,
    /// which is then reported. Other programs have files of this name too.
    static func mayBeManifest(_ document: [UInt8]) -> Bool {
        struct Form: GoDocument {
            static let shape = Entry.shape
            let isEntry: Bool

            init(from decoder: any Decoder) throws {
                let entry = try decoder.container(keyedBy: Entry.CodingKeys.self)
                isEntry = entry.contains(.config) || entry.contains(.layers)
            }
        }
        guard document.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") else { return false }
        do {
            return try [Form](leniently: document).contains(where: \.isEntry)
        } catch {
            // A document of another form belongs to another program.
            return error is GoJSON.Failure
        }
    }

    private let files: any ArtifactFiles
    private let blobs: BlobReader
    private let contents: ContentRules

    init(_ files: any ArtifactFiles, contents: ContentRules) {
        self.files = files
        blobs = BlobReader(files, limits: contents.limits)
        self.contents = contents
    }

    func run(into evidence: inout ArtifactEvidence) throws(ArchiveError) {
        var document: [Entry]? = try blobs.document("manifest.json", as: "a docker archive's manifest", &evidence)
        if contents.reference != nil, let all = document {
            let meant = all.filter { contents.isMeant($0.tags ?? []) }
            try contents.checkReference(!meant.isEmpty, among: all.flatMap { $0.tags ?? [] }, in: "manifest.json")
            document = meant
        }
        files.prefetch(Array(Set((document ?? []).flatMap(\.layers))))
        for entry in document ?? [] {
            let known = evidence.unread.count
            let image = try inspect(entry, &evidence)
            for unread in known..<evidence.unread.count { evidence.unread[unread].platform = image.platform }
            evidence.images.append(image)
            if let platform = image.platform { evidence.platforms.append(platform) }
        }
        contents.checkPlatform(in: "manifest.json", &evidence)
    }

    private func inspect(_ entry: Entry, _ evidence: inout ArtifactEvidence) throws(ArchiveError) -> ImageEvidence {
        var image = ImageEvidence(digest: nil)
        image.config = try blobs.document(entry.config, as: "an image configuration", &evidence)
        if image.config == nil { evidence.isPlatformUnknown = true }
        try checkName(of: entry.config, &evidence)
        if image.config != nil, image.config?.platform == nil {
            evidence.faults.append(
                ArtifactFault(
                    kind: .platformMismatch, path: entry.config, expected: "os and architecture", found: "neither"))
        }
        image.platform = image.config?.platform
        if let platform = image.platform { contents.checkVariant(platform, at: entry.config, &evidence) }
        let diffIDs = image.config?.rootfs?.diffIDs ?? []
        if image.config != nil, diffIDs.count != entry.layers.count {
            evidence.faults.append(
                ArtifactFault(
                    kind: .digestMismatch, reason: .diffIDCount, path: entry.config,
                    expected: "\(entry.layers.count) diff_ids, one for each layer", found: "\(diffIDs.count)"))
        }
        guard contents.checkCount(ofLayers: entry.layers.count, in: entry.config, &evidence) else { return image }
        var scans: [(digest: String?, scan: LayerScan)] = []
        for (index, path) in entry.layers.enumerated() {
            let diffID = diffIDs.indices.contains(index) ? diffIDs[index] : nil
            guard let scan = try layer(path, diffID: diffID, of: &image, &evidence) else { continue }
            scans.append((diffID ?? path, scan))
        }
        contents.inspect(scans, expecting: entry.layers.count, of: &image, &evidence)
        return image
    }

    /// Checks a configuration's digest, which is its file's name.
    private func checkName(of path: String, _ evidence: inout ArtifactEvidence) throws(ArchiveError) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let digest = name.hasSuffix(".json") ? String(name.dropLast(5)) : name
        guard digest.utf8.count == 64, let file = try files.file(path), file.sha256 != digest else { return }
        evidence.faults.append(
            ArtifactFault(
                kind: .digestMismatch, path: path, expected: "sha256:\(digest)", found: "sha256:\(file.sha256)"))
    }

    private func layer(
        _ path: String, diffID: String?, of image: inout ImageEvidence, _ evidence: inout ArtifactEvidence
    ) throws(ArchiveError) -> LayerScan? {
        guard let file = try files.file(path) else {
            evidence.faults.append(blobs.missing(.blobMissing, path, layer: diffID, expected: "a layer"))
            return nil
        }
        guard let scan = file.layer else {
            evidence.archiveErrors.append(
                ArchiveError(.corrupt, archive: path, expected: "a tar archive", found: "other bytes"))
            return nil
        }
        blobs.note(scan.failure, of: path, &evidence)
        blobs.check(frames: scan, at: path, layer: nil, &evidence)
        blobs.check(diffID: diffID, of: scan, stored: file, at: path, layer: diffID, &evidence)
        image.layers.append(LayerEvidence(digest: nil, mediaType: nil, path: path, size: file.size, scan: scan))
        return scan
    }
}
