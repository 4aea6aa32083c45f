import Archive

/// An artifact that is an archive, read from beginning to end.
///
/// What it is shows only at its end, so every entry is looked at as a file of the artifact and as a file of a root file
/// system at once.
struct ArtifactStream {
    let kind: ArtifactEvidence.Kind
    let compression: Compression
    let files: StreamedFiles
    /// The archive taken for a root file system.
    let rootfs: LayerScan
    /// The archive taken for a layer.
    let layer: LayerEvidence

    init(_ source: any ByteSource, limits: ArchiveLimits, reader: ArtifactFileReader) throws(ArchiveError) {
        let compressed = CountedSource(source)
        let decompressed = try DecompressedSource(compressed, limits: limits)
        compression = decompressed.compression
        let bytes = CountedSource(decompressed)
        let peeked = try PeekedSource(bytes, count: ArchiveForm.headSize)
        guard ArchiveForm(peeked.head) == .tar else { throw .noArchive(peeked.head, archive: source.name) }
        let archive = try ArchiveReader(peeked, limits: limits)
        var files: [EntryPath: ArtifactFile] = [:]
        var links: [EntryPath: EntryPath] = [:]
        var rootfs = LayerScan()
        while let entry = try archive.next() {
            let role = ArtifactRole(entry.path)
            switch entry.kind {
            case .hardLink(let target)
            where role != .none && ArtifactRole(target) != .none && links.count < ArtifactRole.mostLinks:
                links[entry.path] = target
            case .symbolicLink(let target)
            where role != .none && target.count <= ArtifactRole.longestPath && links.count < ArtifactRole.mostLinks:
                links[entry.path] = entry.path.parent.resolving(target)
            case .file where role != .none:
                let contents = try PeekedSource(archive.contents(of: entry), count: ArtifactFileReader.headSize)
                guard role == .blob || ArtifactFileReader.isPartOfArtifact(contents.head) else {
                    try reader.layers.add(entry, contents: contents, archive: source.name, to: &rootfs)
                    continue
                }
                guard files[entry.path] == nil, links[entry.path] == nil else {
                    throw ArchiveError(
                        .duplicateEntry, archive: source.name, entry: entry.path.description,
                        expected: "one entry of that name", found: "another")
                }
                let file = try reader.read(contents, at: entry.path.description)
                files[entry.path] = file
                try rootfs.entries.append(entry, facts: nil, archive: source.name)
                if reader.layers.isWanted(entry.path) { rootfs.files[entry.path] = file.document }
                continue
            default:
                break
            }
            try reader.layers.add(entry, from: archive, to: &rootfs)
        }
        rootfs.entries.finish()
        try bytes.drain()
        try compressed.drain()
        rootfs.compression = compression
        rootfs.size = bytes.count
        self.files = StreamedFiles(files: files, links: links)
        self.rootfs = rootfs
        layer = LayerEvidence(digest: nil, mediaType: nil, path: nil, size: compressed.count, scan: rootfs)
        kind = try ArtifactEvidence.Kind(self.files, hasBlobs: files.keys.contains { ArtifactRole($0) == .blob })
    }
}

extension ArtifactEvidence.Kind {
    /// What an archive is by what it holds. A root file system may have a file called `index.json` or `manifest.json`, so
    /// the name alone is not enough.
    init(_ files: some ArtifactFiles, hasBlobs: Bool) throws(ArchiveError) {
        // Of a stream only what may be a part of an artifact was kept; of a file, too, nothing else counts.
        let index = try files.file("index.json").flatMap { $0.mayBeDocument ? $0 : nil }
        let isMarked = try files.file("oci-layout")?.mayBeDocument == true
        let list = try Self.index(index)
        let manifest = try files.file("manifest.json")?.document
        let isDocker = manifest.map { DockerInspection.mayBeManifest($0) } ?? false
        // Docker 25 wrote an index without images beside its own manifest.
        if isMarked || (index != nil && (hasBlobs || list != nil)), !(isDocker && list?.manifests.isEmpty == true) {
            self = .ociArchive
        } else if isDocker {
            self = .dockerArchive
        } else {
            self = .rootfsTar
        }
    }

    private static func index(_ file: ArtifactFile?) throws(ArchiveError) -> ImageIndex? {
        guard let document = file?.document else { return nil }
        do { return try ImageIndex(go: document) } catch let failure as GoJSON.Failure where failure.isAmbiguous {
            throw .ambiguous(failure, "index.json")
        } catch {
            return nil
        }
    }
}

/// What a path says about a file's part in an artifact.
enum ArtifactRole {
    /// A blob of an image layout.
    case blob
    /// What may be a document or a layer, but also a file at the root of a root file system.
    case candidate
    case none

    /// More than any tool's names take, in bytes: of others there could be so many that they fill the memory.
    static let longestPath = 512
    /// More links than any tool writes in the place of documents and blobs. A blob behind a later one counts as missing.
    static let mostLinks = 1 << 16

    init(_ path: EntryPath) {
        guard path.bytes.count <= Self.longestPath else {
            self = .none
            return
        }
        let components = path.bytes.split(separator: UInt8(ascii: "/"), maxSplits: 3)
        switch components.count {
        case 1: self = .candidate
        // The directories of a docker archive are named after digests.
        case 2: self = Self.isDigest(components[0]) ? .candidate : .none
        case 3: self = components[0].elementsEqual("blobs".utf8) && Self.isDigest(components[2]) ? .blob : .none
        default: self = .none
        }
    }

    private static func isDigest(_ name: ArraySlice<UInt8>) -> Bool {
        name.count >= 64 && name.allSatisfy { ($0 >= 0x30 && $0 < 0x3a) || ($0 >= 0x61 && $0 < 0x67) }
    }
}
