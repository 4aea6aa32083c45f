public import Archive
import Glibc
public import SystemPackage

/// Reads artifacts of every kind in one pass and reports what contradicts their own promises, or the platform that they
/// are wanted for. Contents of files are never stored, on disk or in memory.
public struct ArtifactInspector: Sendable {
    /// The platform that the artifact is wanted for.
    public var platform: Platform
    /// Applies to the artifact as a whole and to each of its layers.
    public var limits: ArchiveLimits
    /// Paths in the image whose contents are handed back, if they are files of at most 1 MiB.
    public var wantedFiles: [String]
    /// What the image may hold although it does not fit its platform.
    public var policy: ArtifactPolicy
    /// Take only a regular file or a directory, no link, pipe or device: for what another program was to leave there.
    public var takesOnlyStored = false
    /// All platforms that the artifact lists are wanted.
    public var wantsAllPlatforms = false
    /// The name of the image that is meant, as `org.opencontainers.image.ref.name` or a tag has it; nil: all images.
    public var reference: String?
    /// Keep what `ImageUnpacker` needs of the images for the platform.
    public var keepsTrees = false

    public init(
        platform: Platform, limits: ArchiveLimits = ArchiveLimits(), wantedFiles: [String] = [],
        policy: ArtifactPolicy = .standard
    ) {
        self.platform = platform
        self.limits = limits
        self.wantedFiles = wantedFiles
        self.policy = policy
    }

    /// Inspects an image layout directory, or an archive in a file; `-` is standard input.
    ///
    /// - Throws: `ArchiveError` when the artifact as a whole cannot be read. What is wrong inside it is evidence.
    public func inspect(_ path: FilePath) throws(ArchiveError) -> ArtifactEvidence {
        if path == "-" {
            return try inspect(DescriptorSource(descriptor: STDIN_FILENO, name: "standard input"))
        }
        try checkStored(path)
        var status = stat()
        if path.withPlatformString({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFDIR {
            let store = StoredFiles.Store.directory(try RootedDirectory(path))
            return try inspect(StoredFiles(store, reader: fileReader), kind: .ociLayout)
        }
        if let index = try ArchiveIndex(path, limits: limits, keeping: { ArtifactRole($0) != .none }) {
            let files = StoredFiles(.archive(index), reader: fileReader)
            let kind = try ArtifactEvidence.Kind(files, hasBlobs: index.contains { ArtifactRole($0) == .blob })
            // A root file system is one stream.
            if kind != .rootfsTar { return try inspect(files, kind: kind) }
        }
        return try inspect(
            takesOnlyStored ? DescriptorSource(regularFile: path) : DescriptorSource(file: path))
    }

    /// - Throws: `ArchiveError` for what is not stored, where it has to be, and for a file that is nearly all holes: it is as long to read as any.
    private func checkStored(_ path: FilePath) throws(ArchiveError) {
        var status = stat()
        let found = path.withPlatformString { takesOnlyStored ? lstat($0, &status) : stat($0, &status) }
        guard found == 0 else { return }
        let kind = status.st_mode & S_IFMT
        guard !takesOnlyStored || kind == S_IFREG || kind == S_IFDIR else {
            throw ArchiveError(
                .corrupt, archive: path.string, expected: "a regular file or a directory",
                found: kind == S_IFLNK ? "a symbolic link" : "a pipe, a socket or a device")
        }
        let size = UInt64(clamping: status.st_size)
        let stored = max(UInt64(clamping: status.st_blocks) * 512, 1)
        guard kind != S_IFREG || size <= limits.ratioFloor || size / stored <= limits.ratio else {
            throw ArchiveError(
                .overLimit, archive: path.string,
                expected: "holes of at most \(limits.ratio) bytes for each stored byte (--limit ratio=N)",
                found: "\(size) bytes, \(stored) of them stored")
        }
    }

    /// Inspects an archive that comes as a stream.
    ///
    /// - Throws: `ArchiveError` when the archive as a whole cannot be read.
    public func inspect(_ source: any ByteSource) throws(ArchiveError) -> ArtifactEvidence {
        let stream = try ArtifactStream(source, limits: limits, reader: fileReader)
        guard stream.kind == .rootfsTar else {
            return try inspect(stream.files, kind: stream.kind, compression: stream.compression)
        }
        guard !wantsAllPlatforms, reference == nil else {
            throw ArchiveError(
                .malformed, archive: source.name,
                expected: "images with \(reference.map { "the name \($0)" } ?? "platforms of their own")",
                found: "a root file system, which names none")
        }
        // A root file system does not say what it is for; it is held against the platform that is wanted.
        var evidence = ArtifactEvidence(kind: .rootfsTar, compression: stream.compression)
        var image = ImageEvidence(platform: platform)
        image.layers = [stream.layer]
        evidence.platforms = [platform]
        contents.inspect([(nil, stream.rootfs)], expecting: 1, of: &image, &evidence)
        evidence.images = [image]
        return evidence
    }

    private func inspect(
        _ files: any ArtifactFiles, kind: ArtifactEvidence.Kind, compression: Compression = .none
    ) throws(ArchiveError) -> ArtifactEvidence {
        var evidence = ArtifactEvidence(kind: kind, compression: compression)
        if kind == .dockerArchive {
            try DockerInspection(files, contents: contents).run(into: &evidence)
        } else {
            try LayoutInspection(files, contents: contents).run(into: &evidence)
        }
        return evidence
    }

    private var wanted: Set<EntryPath> {
        Set(wantedFiles.compactMap { path in try? EntryPath(path.utf8.drop { $0 == UInt8(ascii: "/") }) })
    }

    private var contents: ContentRules {
        ContentRules(
            platform: platform, wantsAll: wantsAllPlatforms, reference: reference, policy: policy, wanted: wanted,
            keepsTrees: keepsTrees, limits: limits,
            work: WorkBudget(limit: limits.steps))
    }

    private var fileReader: ArtifactFileReader {
        ArtifactFileReader(layers: LayerScanner(limits: limits, wanted: wanted))
    }
}
