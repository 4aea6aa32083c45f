public import Archive

/// What the rules need to know about an inspected artifact.
public struct ArtifactEvidenceSummary: Sendable, Equatable {
    /// A blob that was not read.
    public struct Unread: Sendable, Equatable {
        public var digest: String
        public var reason: String

        public init(digest: String, reason: String) {
            self.digest = digest
            self.reason = reason
        }
    }

    /// The file or directory, as the user named it.
    public var name: String
    /// The wanted platform: `OS/ARCHITECTURE`.
    public var platform: String
    /// Executables and libraries found for the platform's architecture.
    public var binaries: Int
    /// How many layers its images have.
    public var layers: Int
    /// The size of these layers, as stored.
    public var bytes: Int64
    public var faults: ArtifactFaults
    /// Whatever is worth knowing but contradicts nothing.
    public var notes: ArtifactFaults = []
    /// Errors of reading: a damaged layer, an unsafe entry, a limit.
    public var archiveErrors: [ArchiveError]
    /// Blobs of the platform that were not read, so their contents are unknown.
    public var unread: [Unread] = []
    /// Other platforms that the index lists but the artifact does not contain.
    public var absent: [String] = []
    /// If all platforms are wanted: the platforms whose images have no file that tells the architecture.
    public var silent: [String] = []
    /// How many faults a policy allows. `faults` does not contain them.
    public var allowed = 0
    /// How many archives (`.jar`, `.whl`, …) were inspected for native code, and how many were not.
    public var archivesRead = 0
    public var archivesUnread = 0
    /// Path and reason of the first archive that was not.
    public var firstUnreadArchive: String?
    /// How long the inspection took.
    public var duration: Duration

    public init(
        name: String, platform: String, binaries: Int, layers: Int, bytes: Int64, faults: ArtifactFaults,
        archiveErrors: [ArchiveError] = [], duration: Duration = .zero
    ) {
        self.name = name
        self.platform = platform
        self.binaries = binaries
        self.layers = layers
        self.bytes = bytes
        self.faults = faults
        self.archiveErrors = archiveErrors
        self.duration = duration
    }
}
