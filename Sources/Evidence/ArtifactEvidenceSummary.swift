public import Archive

/// What the rules need to know about an opened artifact.
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
    public var platform: String
    /// Executables and libraries found for the platform's architecture.
    public var binaries: Int
    public var layers: Int
    public var bytes: Int64
    public var faults: ArtifactFaults
    /// What contradicts nothing and is worth knowing.
    public var notes: ArtifactFaults = []
    /// Errors while reading: a damaged layer, or a limit exceeded.
    public var archiveErrors: [ArchiveError]
    /// Blobs of the platform that were not read; their contents are unknown.
    public var unread: [Unread] = []
    /// Other platforms that the index lists and the artifact does not contain.
    public var absent: [String] = []
    /// Of all platforms, where all are wanted: those in whose images nothing tells the architecture.
    public var silent: [String] = []
    /// Number of faults that a policy allows; `faults` does not contain them.
    public var allowed = 0
    /// Number of archives (`.jar`, `.whl`, …) whose native code was looked at, and of those where it was not.
    public var archivesRead = 0
    public var archivesUnread = 0
    /// The first of the latter, and the reason.
    public var firstUnreadArchive: String?
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
