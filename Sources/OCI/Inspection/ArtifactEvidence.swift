public import Archive
public import Evidence

/// What an artifact is and holds, as far as its bytes say. Nothing in it has been run.
public struct ArtifactEvidence: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case ociLayout = "OCI layout"
        case ociArchive = "OCI archive"
        case dockerArchive = "docker archive"
        case rootfsTar = "rootfs tar"
    }

    public var kind: Kind
    /// How the artifact as a whole is compressed.
    public var compression: Compression
    /// The platforms of the images, in the order of the index.
    public var platforms: [Platform] = []
    public var images: [ImageEvidence] = []
    /// What contradicts the artifact's own promises or the platform that was asked for.
    public var faults: ArtifactFaults = []
    /// What contradicts nothing and is worth knowing.
    public var notes: ArtifactFaults = []
    /// Archives inside the artifact that cannot be read to their end.
    public var archiveErrors: [ArchiveError] = []
    /// What could not be looked at, though it contradicts nothing.
    public var unread: [UnreadBlob] = []
    /// Platforms other than the wanted one that are listed and not carried along.
    public var absent: [Platform] = []
    /// Entries of layers that were applied, each as often as an image lists its layer.
    var applied = 0

    /// The images for a platform. Those that need features count where there is no other.
    public func images(for platform: Platform) -> [ImageEvidence] {
        let all = images.filter { !$0.isAttestation && $0.platform?.matches(platform) == true }
        let plain = all.filter { $0.platform?.needsFeatures == false }
        return plain.isEmpty ? all : plain
    }

    /// What was not looked at, though an image for a platform consists of it.
    func unread(for platform: Platform) -> [UnreadBlob] {
        let hasPlain = images(for: platform).contains { $0.platform?.needsFeatures == false }
        return unread.filter { $0.concerns(platform) && !(hasPlain && $0.platform?.needsFeatures == true) }
    }
}

/// A blob that nothing is known of: of an unknown kind, not there and allowed not to be, or under an unknown digest.
public struct UnreadBlob: Sendable, Equatable {
    public var digest: String
    public var reason: String
    /// Of the image that the blob belongs to; nil where this is not known.
    public var platform: Platform?

    /// Whether an image for a platform may consist of it.
    func concerns(_ wanted: Platform) -> Bool { platform?.matches(wanted) ?? true }
}

/// One manifest of an artifact.
public struct ImageEvidence: Sendable {
    /// The manifest's digest; nil where the kind of artifact has none.
    public var digest: String?
    /// What the index says that the image is for, or the configuration where the index does not say.
    public var platform: Platform?
    /// A manifest that holds attestations, or another artifact that is no image.
    public var isAttestation = false
    public var layers: [LayerEvidence] = []
    public var config: ImageConfig?
    /// How many files of the image are programs or libraries for its platform.
    public var nativeBinaries = 0
    /// Archives that programs load code from.
    public struct Archives: Sendable, Equatable {
        /// How many were looked into.
        public var read = 0
        /// How many were not, or not to their end.
        public var unread = 0
        /// Which was the first of them, and why.
        public var firstUnread: String?
    }

    public var archives = Archives()
    /// How many faults the policy allows.
    public var allowed = 0
    /// The contents of the files that were asked for, by path, without a leading slash.
    public var files: [String: [UInt8]] = [:]
    /// What the layers make together, where the inspector was told to keep it; its layers are those of `layers`.
    var tree: ImageTree?
    /// Every layer was there and could be read to its end.
    public internal(set) var isComplete = false
}

/// One layer of an image.
public struct LayerEvidence: Sendable, Equatable {
    public var digest: String?
    public var mediaType: String?
    /// The size in bytes, as stored.
    public var size: UInt64
    /// The digest before compression; nil where the layer cannot be read.
    public var diffID: String?
    /// The size before compression, in bytes.
    public var uncompressedSize: UInt64
    public var compression: Compression
    public var entries: Int
    public var binaries: Int
    /// Where in the artifact it is; nil for a root file system, which is the artifact.
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
