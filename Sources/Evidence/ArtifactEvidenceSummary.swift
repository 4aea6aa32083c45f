public import Archive

/// What the rules need of an opened artifact.
public struct ArtifactEvidenceSummary: Sendable, Equatable {
    /// A blob that was not looked at.
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
    /// Executables and libraries of the platform's architecture that were seen.
    public var binaries: Int
    public var layers: Int
    public var bytes: Int64
    public var faults: ArtifactFaults
    /// What could not be read: a damaged layer, or one that exceeds a limit.
    public var archiveErrors: [ArchiveError]
    /// What was not looked at, though it is the platform's: nothing is known of what it holds.
    public var unread: [Unread] = []
    /// Other platforms that are listed, and not carried along.
    public var absent: [String] = []
    /// How many faults a policy allows; they are not in `faults`.
    public var allowed = 0
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
