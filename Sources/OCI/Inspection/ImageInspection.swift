import Archive
import ELF
import Evidence

/// Checks one image: its manifest, its configuration and its layers.
struct ImageInspection {
    private let blobs: BlobReader
    private let descriptor: Descriptor
    private let contents: ContentRules
    /// The platform that the index promises.
    private let promised: Platform?
    /// Whether its blobs may be missing: for other platforms they may. `docker save` with containerd's store lists all
    /// platforms.
    private let mayBeMissing: Bool

    init(_ blobs: BlobReader, descriptor: Descriptor, contents: ContentRules) {
        self.blobs = blobs
        self.contents = contents
        self.descriptor = descriptor
        promised = descriptor.platform.flatMap { $0.isEmpty ? nil : $0 }
        mayBeMissing = !contents.wantsAll && promised.map { !$0.matches(contents.platform) } ?? false
    }

    /// - Returns: nil if no manifest can be read.
    func run(into evidence: inout ArtifactEvidence) throws(ArchiveError) -> ImageEvidence? {
        let unread = evidence.unread.count
        let document: ImageManifest? = try blobs.document(
            descriptor, as: "an image manifest", mayBeMissing: mayBeMissing, &evidence)
        guard let manifest = document else {
            if let promised, !promised.isUnknown, evidence.unread.count > unread { evidence.absent.append(promised) }
            if promised?.matches(contents.platform) ?? true { evidence.isPlatformUnknown = true }
            return nil
        }
        var image = ImageEvidence(digest: descriptor.digest, platform: promised)
        guard manifest.schemaVersion == 2 else {
            evidence.faults.append(
                ArtifactFault(
                    kind: .notOCI, path: descriptor.digest, expected: "schemaVersion 2",
                    found: "\(manifest.schemaVersion)"))
            return image
        }
        if let forbidden = manifest.forbidden {
            evidence.faults.append(
                ArtifactFault(
                    kind: .notOCI, path: descriptor.digest, expected: "an image manifest", found: forbidden))
            if promised?.matches(contents.platform) ?? true { evidence.isPlatformUnknown = true }
            return nil
        }
        // Go takes an empty text for none.
        if let type = manifest.mediaType, !type.isEmpty, let promised = descriptor.mediaType, type != promised {
            evidence.faults.append(
                ArtifactFault(kind: .notOCI, path: descriptor.digest, expected: promised, found: type))
        }
        image.isAttestation =
            descriptor.isAttestation || promised?.isUnknown == true
            || !MediaType.isConfig(manifest.config.mediaType)
        if image.isAttestation {
            _ = try blobs.blob(manifest.config, mayBeMissing: mayBeMissing, &evidence)
            for layer in manifest.layers { _ = try blobs.blob(layer, mayBeMissing: true, &evidence) }
            return image
        }
        checkConfigType(manifest, &evidence)
        image.config = try blobs.document(
            manifest.config, as: "an image configuration", mayBeMissing: mayBeMissing, &evidence)
        if image.config == nil, promised == nil { evidence.isPlatformUnknown = true }
        // A signature has the configuration of an image, but an empty one.
        if image.config != nil, image.config?.platform == nil,
            !manifest.layers.contains(where: { MediaType.isPartOfFileSystem($0.mediaType ?? "") })
        {
            image.isAttestation = true
            for layer in manifest.layers { _ = try blobs.blob(layer, mayBeMissing: true, &evidence) }
            return image
        }
        if let config = image.config { checkPlatform(&image, config, of: manifest, &evidence) }
        try checkLayers(&image, manifest, &evidence)
        return image
    }

    /// A manifest of OCI's has a configuration of OCI's.
    private func checkConfigType(_ manifest: ImageManifest, _ evidence: inout ArtifactEvidence) {
        guard descriptor.mediaType == MediaType.manifest, let type = manifest.config.mediaType,
            type == MediaType.dockerConfig
        else { return }
        evidence.faults.append(
            ArtifactFault(
                kind: .notOCI, reason: .dockerConfig, path: descriptor.digest, subject: type,
                expected: "a configuration of the type \(MediaType.config)", found: type))
    }

    /// Checks that index and configuration name the same platform.
    private func checkPlatform(
        _ image: inout ImageEvidence, _ config: ImageConfig, of manifest: ImageManifest,
        _ evidence: inout ArtifactEvidence
    ) {
        guard let configured = config.platform else {
            evidence.faults.append(
                ArtifactFault(
                    kind: .platformMismatch, path: manifest.config.digest, expected: "os and architecture",
                    found: "os \(Self.named(config.os)), architecture \(Self.named(config.architecture))"))
            return
        }
        guard let promised else {
            image.platform = configured
            contents.checkVariant(configured, at: manifest.config.digest, &evidence)
            return
        }
        contents.checkVariant(promised, at: descriptor.digest, &evidence)
        if !promised.matches(configured) {
            evidence.faults.append(
                ArtifactFault(
                    kind: .platformMismatch, path: manifest.config.digest,
                    expected: "\(promised), as the index says", found: "\(configured)"))
        }
    }

    private static func named(_ value: String?) -> String { value.flatMap { $0.isEmpty ? nil : $0 } ?? "missing" }

    private func checkLayers(
        _ image: inout ImageEvidence, _ manifest: ImageManifest, _ evidence: inout ArtifactEvidence
    ) throws(ArchiveError) {
        let diffIDs = image.config?.rootfs?.diffIDs ?? []
        if image.config != nil, diffIDs.count != manifest.layers.count {
            evidence.faults.append(
                ArtifactFault(
                    kind: .digestMismatch, reason: .diffIDCount, path: manifest.config.digest,
                    expected: "\(manifest.layers.count) diff_ids, one for each layer", found: "\(diffIDs.count)"))
        }
        guard contents.checkCount(ofLayers: manifest.layers.count, in: descriptor.digest, &evidence) else { return }
        var scans: [(digest: String?, scan: LayerScan)] = []
        let instructions = image.config?.instructions(layers: manifest.layers.count)
        for (index, layer) in manifest.layers.enumerated() {
            let mayBeMissing = mayBeMissing || MediaType.isNondistributable(layer.mediaType ?? "")
            guard let file = try blobs.blob(layer, mayBeMissing: mayBeMissing, &evidence) else { continue }
            if let platform = layer.platform, let wanted = image.platform, !platform.matches(wanted) {
                evidence.faults.append(
                    ArtifactFault(
                        kind: .notOCI, path: descriptor.digest, layer: layer.digest,
                        expected: "layers without a platform, or for \(wanted)",
                        found: "one for \(platform): containerd leaves it out"))
            }
            guard MediaType.isLayer(layer.mediaType ?? "") else {
                let reason = layer.mediaType.map { "layers of type \($0) are not known here" } ?? "it has no media type"
                evidence.unread.append(UnreadBlob(digest: layer.digest, reason: reason))
                continue
            }
            let diffID = diffIDs.indices.contains(index) ? diffIDs[index] : nil
            let origin = ContentRules.origin(index, of: manifest.layers.count, instructions)
            guard let scan = check(&image, layer, file, diffID: diffID, origin: origin, &evidence) else { continue }
            scans.append((layer.digest, scan))
        }
        contents.inspect(scans, expecting: manifest.layers.count, of: &image, &evidence)
    }

    private func check(
        _ image: inout ImageEvidence, _ layer: Descriptor, _ file: ArtifactFile, diffID: String?,
        origin: String, _ evidence: inout ArtifactEvidence
    ) -> LayerScan? {
        guard let scan = file.layer else {
            evidence.archiveErrors.append(
                ArchiveError(.corrupt, archive: layer.digest, expected: "a tar archive", found: "other bytes"))
            return nil
        }
        blobs.note(scan.failure, of: layer.digest, origin: origin, &evidence)
        checkCompression(of: scan, layer, &evidence)
        blobs.check(diffID: diffID, of: scan, stored: file, at: "diff_id", layer: layer.digest, &evidence)
        image.layers.append(
            LayerEvidence(
                digest: layer.digest, mediaType: layer.mediaType, path: BlobReader.path(of: layer.digest),
                size: file.size, scan: scan))
        return scan
    }

    /// Checks a layer's compression against its media type. Engines look at the first bytes of layers that should be
    /// compressed: all know gzip and zstd. They do not look at a plain tar.
    private func checkCompression(of scan: LayerScan, _ layer: Descriptor, _ evidence: inout ArtifactEvidence) {
        guard let type = layer.mediaType, scan.size > 0 else { return }
        let path = BlobReader.path(of: layer.digest) ?? layer.digest
        let isPlain = MediaType.isPlainLayer(type)
        if scan.compression != .none, isPlain || scan.compression == .xz {
            return evidence.faults.append(
                ArtifactFault(
                    kind: .notOCI, reason: isPlain ? .compressedPlainLayer : .unusualCompression, path: path,
                    layer: layer.digest,
                    expected: isPlain ? "a plain tar, as \(type) says" : "gzip, zstd or a plain tar",
                    found: "\(scan.compression.rawValue)"))
        }
        blobs.check(frames: scan, at: path, layer: layer.digest, &evidence)
        guard let promised = MediaType.compression(of: type), promised != scan.compression else { return }
        evidence.notes.append(
            ArtifactFault(
                kind: .compression, path: path, layer: layer.digest, expected: "\(promised.rawValue), as \(type) says",
                found: scan.compression == .none ? "a plain tar" : "\(scan.compression.rawValue)"))
    }
}
