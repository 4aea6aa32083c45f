/// One place in an artifact that is not what its platform, its index or its digests promise.
///
/// Evidence only: how grave a fault is, and what to do about it, is the business of the rules in this module.
public struct ArtifactFault: Sendable, Equatable {
    /// What kind of contradiction was seen. Each names the finding code that it stands for.
    public enum Kind: String, Sendable, CaseIterable {
        case notOCI = "artifact-not-oci"
        case platformMissing = "artifact-platform-missing"
        case platformMismatch = "artifact-platform-mismatch"
        case foreignBinary = "artifact-foreign-binary"
        case digestMismatch = "artifact-digest-mismatch"
        case sizeMismatch = "artifact-size-mismatch"
        case blobMissing = "artifact-blob-missing"
        case loaderMissing = "artifact-loader-missing"
        case entrypointMissing = "artifact-entrypoint-missing"
        case entrypointFails = "artifact-entrypoint-fails"
        case variantInvalid = "artifact-variant-invalid"
    }

    public var kind: Kind
    /// Where: a path inside the image (`/usr/bin/tool`) or the name of a document (`index.json`).
    public var path: String
    /// The digest of the layer or blob concerned, where there is one.
    public var layer: String?
    /// What the index, the platform or the specification promises.
    public var expected: String
    /// What was read.
    public var found: String

    public init(kind: Kind, path: String, layer: String? = nil, expected: String, found: String) {
        self.kind = kind
        self.path = path
        self.layer = layer
        self.expected = expected
        self.found = found
    }
}
