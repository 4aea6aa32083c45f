/// One place in an artifact that contradicts its platform, its index or its digests.
///
/// The rules choose the finding, its severity and its remedy.
public struct ArtifactFault: Sendable, Equatable {
    /// The kind of contradiction.
    public enum Kind: Sendable, CaseIterable {
        case notOCI
        case platformMissing
        case platformMismatch
        case foreignBinary
        case digestMismatch
        case sizeMismatch
        case blobMissing
        case loaderMissing
        case entrypointMissing
        case variantInvalid
    }

    /// A closer reason, if cause and remedy differ within the kind.
    public enum Reason: Sendable, Hashable {
        /// `diff_id` is the digest of the compressed bytes.
        case compressedDiffID
        /// The media type says plain tar, and the bytes are compressed.
        case compressedPlainLayer
        /// A compression that some engines cannot read.
        case unusualCompression
    }

    public var kind: Kind
    public var reason: Reason?
    /// A path inside the image (`/usr/bin/tool`) or the name of a document (`index.json`).
    public var path: String
    /// Digest of the layer or blob; nil if the fault concerns none.
    public var layer: String?
    /// What the index, platform or specification promises.
    public var expected: String
    /// What was read.
    public var found: String

    public init(
        kind: Kind, reason: Reason? = nil, path: String, layer: String? = nil, expected: String, found: String
    ) {
        self.kind = kind
        self.reason = reason
        self.path = path
        self.layer = layer
        self.expected = expected
        self.found = found
    }
}
