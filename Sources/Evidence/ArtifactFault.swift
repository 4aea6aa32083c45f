/// One place in an artifact that is not what its platform, its index or its digests promise.
///
/// Which finding a fault makes, how grave it is, and what to do about it, the rules say.
public struct ArtifactFault: Sendable, Equatable {
    /// What kind of contradiction was seen.
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

    /// What of that kind was seen, where causes and remedies differ.
    public enum Reason: Sendable, Hashable {
        /// A `diff_id` that is the digest of the compressed bytes.
        case compressedDiffID
        /// Compressed bytes under the media type of a plain tar.
        case compressedPlainLayer
        /// Compressed in a way that some engines do not read.
        case unusualCompression
    }

    public var kind: Kind
    public var reason: Reason?
    /// Where: a path inside the image (`/usr/bin/tool`) or the name of a document (`index.json`).
    public var path: String
    /// The digest of the layer or blob concerned, where there is one.
    public var layer: String?
    /// What the index, the platform or the specification promises.
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
