public import Archive
import Glibc
public import SystemPackage

/// Reads artifacts of every kind in one pass. Reports whatever contradicts their own promises, or the wanted platform.
/// Never stores contents of files, on disk or in memory, except those that were asked for.
public struct ArtifactInspector: Sendable {
    /// The wanted platform.
    public var platform: Platform
    /// The limits for the artifact as a whole, and for each of its layers.
    public var limits: ArchiveLimits
    /// Paths in the image whose contents are returned, for files of at most 1 MiB.
    public var wantedFiles: [String]
    /// What the image may hold although it does not fit its platform.
    public var policy: ArtifactPolicy
    /// Whether to refuse anything but a regular file or a directory: a link, a pipe, a device. For what another program
    /// should have stored there.
    public var takesOnlyStored = false
    /// Whether all platforms that the artifact lists are wanted.
    public var wantsAllPlatforms = false
    /// The name of the wanted image, by `org.opencontainers.image.ref.name` or a tag; nil: all images.
    public var reference: String?
    /// Whether to keep what `ImageUnpacker` needs of the wanted images.
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
    /// - Throws: `ArchiveError` if the artifact as a whole cannot be read. Faults inside it are evidence.
    public func inspect(_ path: FilePath) throws(ArchiveError) -> ArtifactEvidence {
        if path == "-" {
            return try inspect(DescriptorSource(descriptor: STDIN_FILENO, name: "standard input"))
        }
        try checkStored(path)
        var status = stat()
        if path.withPlatformString({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFDIR {
            let root = try RootedDirectory(path)
            let signs = ["oci-layout", "index.json", "blobs"]
            guard signs.contains(where: { path.appending($0).withPlatformString { lstat($0, &status) } == 0 }) else {
                throw .noLayout(path.string)
            }
            return try inspect(StoredFiles(.directory(root), reader: fileReader), kind: .ociLayout)
        }
        if let index = try ArchiveIndex(path, limits: limits, keeping: { ArtifactRole($0) != .none }) {
            let files = StoredFiles(.archive(index), reader: fileReader)
            let kind = try ArtifactEvidence.Kind(files, hasBlobs: index.contains { ArtifactRole($0) == .blob })
            // Read a root file system as one stream.
            if kind != .rootfsTar { return try inspect(files, kind: kind) }
        }
        return try inspect(
            takesOnlyStored ? DescriptorSource(regularFile: path) : DescriptorSource(file: path))
    }

    /// - Throws: `ArchiveError` if the path is not stored but must be, and for a file with hardly any data: its holes
    ///   take as long to read as data.
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

    /// Inspects an archive from a stream.
    ///
    /// - Throws: `ArchiveError` if the archive as a whole cannot be read.
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
        // A root file system names no platform, so it is checked against the wanted one.
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
        Set(
            (wantedFiles + ImageUser.files).compactMap { path in
                try? EntryPath(path.utf8.drop { $0 == UInt8(ascii: "/") })
            })
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
