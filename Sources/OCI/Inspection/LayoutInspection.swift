import Archive
import ELF
import Evidence

/// Checks an image layout: `oci-layout`, `index.json`, and from there every manifest, configuration and layer.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/image-layout.md>
struct LayoutInspection {
    /// The deepest nesting of indexes that is read. No tool writes so many.
    private static let deepestIndex = 8

    private let blobs: BlobReader
    private let contents: ContentRules

    init(_ files: any ArtifactFiles, contents: ContentRules) {
        blobs = BlobReader(files, limits: contents.limits)
        self.contents = contents
    }

    func run(into evidence: inout ArtifactEvidence) throws(ArchiveError) {
        // Reports one fault if both are missing: then it is no layout at all.
        let isMarked = try blobs.isThere("oci-layout")
        let isIndexed = try blobs.isThere("index.json")
        guard isMarked || isIndexed else {
            return evidence.faults.append(
                ArtifactFault(
                    kind: .notOCI, path: "oci-layout", expected: "an image layout, with oci-layout and index.json",
                    found: "neither"))
        }
        try checkLayoutFile(&evidence)
        guard var index: ImageIndex = try blobs.document("index.json", as: "an image index", &evidence) else { return }
        let names = index.manifests.flatMap(\.names)
        if contents.reference != nil { index.manifests = index.manifests.filter { contents.isMeant($0.names) } }
        try contents.checkReference(!index.manifests.isEmpty, among: names, in: "index.json")
        var visited = Set<String>()
        blobs.prefetch(try layers(of: index, depth: 0, &visited))
        visited = []
        try inspect(index, named: "index.json", depth: 0, visited: &visited, &evidence)
        contents.checkPlatform(in: "index.json", &evidence)
    }

    /// The layers of all images, each once. Ignores errors on the way: they are reported when the images are inspected.
    private func layers(
        of index: ImageIndex, depth: Int, _ visited: inout Set<String>
    ) throws(ArchiveError) -> [Descriptor] {
        var ignored = ArtifactEvidence(kind: .ociLayout, compression: .none)
        var layers: [Descriptor] = []
        guard depth < Self.deepestIndex else { return [] }
        for descriptor in index.manifests where visited.insert(descriptor.digest).inserted {
            if MediaType.isIndex(descriptor.mediaType) {
                guard let nested: ImageIndex = try blobs.document(descriptor, as: "", &ignored) else { continue }
                layers += try self.layers(of: nested, depth: depth + 1, &visited)
            } else if MediaType.isManifest(descriptor.mediaType) {
                guard let manifest: ImageManifest = try blobs.document(descriptor, as: "", &ignored) else { continue }
                layers += manifest.layers.filter { visited.insert($0.digest).inserted }
            }
        }
        return layers
    }

    private func checkLayoutFile(_ evidence: inout ArtifactEvidence) throws(ArchiveError) {
        guard let layout: ImageLayout = try blobs.document("oci-layout", as: "an image layout file", &evidence) else {
            return
        }
        // containerd compares the whole version.
        guard layout.imageLayoutVersion == "1.0.0" else {
            return evidence.faults.append(
                ArtifactFault(
                    kind: .notOCI, path: "oci-layout", expected: "imageLayoutVersion 1.0.0",
                    found: layout.imageLayoutVersion))
        }
    }

    private func inspect(
        _ index: ImageIndex, named name: String, depth: Int, visited: inout Set<String>,
        _ evidence: inout ArtifactEvidence
    ) throws(ArchiveError) {
        guard index.schemaVersion == 2 else {
            return evidence.faults.append(
                ArtifactFault(kind: .notOCI, path: name, expected: "schemaVersion 2", found: "\(index.schemaVersion)"))
        }
        guard depth < Self.deepestIndex else {
            return evidence.faults.append(
                ArtifactFault(
                    kind: .notOCI, path: name, expected: "indexes nested at most \(Self.deepestIndex) deep",
                    found: "more"))
        }
        // One manifest may be listed for several platforms, but fits at most one of them.
        for descriptor in index.manifests where visited.insert(Self.key(descriptor)).inserted {
            let known = evidence.unread.count
            if MediaType.isIndex(descriptor.mediaType) {
                guard let nested: ImageIndex = try blobs.document(descriptor, as: "an image index", &evidence) else {
                    evidence.isPlatformUnknown = true
                    continue
                }
                if let forbidden = nested.forbidden {
                    evidence.faults.append(
                        ArtifactFault(
                            kind: .notOCI, path: descriptor.digest, expected: "an image index", found: forbidden))
                    evidence.isPlatformUnknown = true
                    continue
                }
                try inspect(nested, named: descriptor.digest, depth: depth + 1, visited: &visited, &evidence)
            } else if MediaType.isManifest(descriptor.mediaType) {
                let image = try ImageInspection(blobs, descriptor: descriptor, contents: contents).run(into: &evidence)
                for unread in known..<evidence.unread.count {
                    evidence.unread[unread].platform = image?.platform ?? descriptor.platform
                }
                guard let image else { continue }
                evidence.images.append(image)
                if image.isAttestation {
                    evidence.unread.removeSubrange(known...)
                } else if let platform = image.platform {
                    evidence.platforms.append(platform)
                }
            } else {
                // Only the bytes of an unknown type are checked: no image uses it.
                evidence.unknownType = evidence.unknownType ?? descriptor.mediaType ?? ""
                _ = try blobs.blob(descriptor, &evidence)
                evidence.unread.removeSubrange(known...)
            }
        }
    }

    private static func key(_ descriptor: Descriptor) -> String {
        // An index counts once, whatever its platform: indexes could be nested without end.
        guard let platform = descriptor.platform, !MediaType.isIndex(descriptor.mediaType) else {
            return descriptor.digest
        }
        return "\(descriptor.digest) \(platform.normalized)"
    }
}
