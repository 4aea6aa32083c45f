public import Archive
public import Evidence

/// What an artifact holds, as far as its bytes show. Nothing in it was run.
public struct ArtifactEvidence: Sendable {
    /// The kinds of artifacts, as reports name them.
    public enum Kind: String, Sendable, CaseIterable {
        case ociLayout = "OCI layout"
        case ociArchive = "OCI archive"
        case dockerArchive = "docker archive"
        case rootfsTar = "rootfs tar"
    }

    public var kind: Kind
    /// The compression of the artifact as a whole.
    public var compression: Compression
    /// The platforms of the images, in the order of the index.
    public var platforms: [Platform] = []
    public var images: [ImageEvidence] = []
    /// Whatever contradicts the artifact's own promises, or the platform that was asked for.
    public var faults: ArtifactFaults = []
    /// Whatever is worth knowing but contradicts nothing.
    public var notes: ArtifactFaults = []
    /// Errors of archives inside the artifact that cannot be read to their end.
    public var archiveErrors: [ArchiveError] = []
    /// Blobs that could not be inspected, but contradict nothing.
    public var unread: [UnreadBlob] = []
    /// Other platforms that the artifact lists, but does not contain.
    public var absent: [Platform] = []
    /// Whether a document could not be read that may have told of an image for the wanted platform: its own fault says
    /// so, and that there is none is not known.
    var isPlatformUnknown = false
    /// The first media type in an index that is none of an image's or an index's; empty if an entry has none.
    var unknownType: String?
    /// How many entries of layers were applied: each as often as an image lists its layer.
    var applied = 0

    /// The images for a platform. Images that need features count only if there is no other.
    public func images(for platform: Platform) -> [ImageEvidence] {
        let all = images.filter { !$0.isAttestation && $0.platform?.matches(platform) == true }
        let plain = all.filter { $0.platform?.needsFeatures == false }
        return plain.isEmpty ? all : plain
    }

    /// The blobs of an image for a platform that were not inspected.
    func unread(for platform: Platform) -> [UnreadBlob] {
        let hasPlain = images(for: platform).contains { $0.platform?.needsFeatures == false }
        return unread.filter { $0.concerns(platform) && !(hasPlain && $0.platform?.needsFeatures == true) }
    }
}

/// A blob that nothing is known about: its kind or digest algorithm is unknown, or it may be missing and is.
public struct UnreadBlob: Sendable, Equatable {
    public var digest: String
    public var reason: String
    /// The platform of the image that it belongs to; nil if unknown.
    public var platform: Platform?

    /// Whether it may belong to an image for a platform.
    func concerns(_ wanted: Platform) -> Bool { platform?.matches(wanted) ?? true }
}

/// One manifest of an artifact.
public struct ImageEvidence: Sendable {
    /// The manifest's digest; nil if this kind of artifact has none.
    public var digest: String?
    /// The platform by the index, or by the configuration if the index names none.
    public var platform: Platform?
    /// Whether the manifest is for attestations, or for another artifact that is no image.
    public var isAttestation = false
    public var layers: [LayerEvidence] = []
    /// Nil if there is no configuration, or if it cannot be read.
    public var config: ImageConfig?
    /// How many files are programs or libraries for the image's platform.
    public var nativeBinaries = 0
    /// Counts the archives that programs load code from.
    public struct Archives: Sendable, Equatable {
        /// How many were inspected.
        public var read = 0
        /// How many were not, or not to their end.
        public var unread = 0
        /// Path and reason of the first that was not.
        public var firstUnread: String?
    }

    public var archives = Archives()
    /// How many faults the policy allows.
    public var allowed = 0
    /// The contents of the files that were asked for, by path, without a leading slash.
    public var files: [String: [UInt8]] = [:]
    /// The file system of the layers, if the inspector was told to keep it. Its layers are those of `layers`.
    var tree: ImageTree?
    /// Whether every layer was there and could be read to its end.
    public internal(set) var isComplete = false
}

/// One layer of an image.
public struct LayerEvidence: Sendable, Equatable {
    public var digest: String?
    public var mediaType: String?
    /// The size in bytes, as stored.
    public var size: UInt64
    /// The digest of the decompressed layer; nil if the layer cannot be read.
    public var diffID: String?
    /// The size of the decompressed layer, in bytes.
    public var uncompressedSize: UInt64
    public var compression: Compression
    /// How many entries it has.
    public var entries: Int
    /// How many of its files are ELF files.
    public var binaries: Int
    /// Its path in the artifact; nil for a root file system, which is the artifact.
    var path: String?

    init(digest: String?, mediaType: String?, path: String?, size: UInt64, scan: LayerScan) {
        self.path = path
        self.digest = digest
        self.mediaType = mediaType
        self.size = size
        diffID = scan.diffID.map { "sha256:" + $0 }
        uncompressedSize = scan.size
        compression = scan.compression
        entries = scan.entries.count
        binaries = scan.entries.binaryCount
    }
}
