import Archive

/// An artifact that is an archive, read from beginning to end.
///
/// Its kind shows only at the end. So every entry is read both as a file of an artifact and as a file of a root file
/// system.
struct ArtifactStream {
    let kind: ArtifactEvidence.Kind
    let compression: Compression
    let files: StreamedFiles
    /// The archive, read as a root file system.
    let rootfs: LayerScan
    /// The archive, read as a layer.
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
        var targets: [EntryPath: [UInt8]] = [:]
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
                if targets.count < ArtifactRole.mostLinks { targets[entry.path] = target }
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
        self.files = StreamedFiles(files: files, links: links, targets: targets)
        self.rootfs = rootfs
        layer = LayerEvidence(digest: nil, mediaType: nil, path: nil, size: compressed.count, scan: rootfs)
        kind = try ArtifactEvidence.Kind(self.files, hasBlobs: files.keys.contains { ArtifactRole($0) == .blob })
    }
}

extension ArtifactEvidence.Kind {
    /// The kind of an archive by its files. A root file system too may have a file `index.json` or `manifest.json`, so
    /// names alone do not decide.
    init(_ files: some ArtifactFiles, hasBlobs: Bool) throws(ArchiveError) {
        // A stream keeps only what may be part of an artifact. For a file the same rule applies.
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

/// The part that a file has in an artifact, by its path.
enum ArtifactRole {
    /// A blob of an image layout.
    case blob
    /// Perhaps a document or a layer, perhaps a file at the root of a root file system.
    case candidate
    case none

    /// The longest path that counts, in bytes. No tool writes longer ones, and many could fill the memory.
    static let longestPath = 512
    /// The most links that are kept in the place of documents and blobs. No tool writes so many. A blob behind a later
    /// link counts as missing.
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
