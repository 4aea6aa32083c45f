/// Points at a document or blob by its digest.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/descriptor.md>
public struct Descriptor: Codable, Sendable, Equatable {
    /// The media type of the document or blob.
    public var mediaType: String?
    /// Algorithm and digest: `sha256:` and 64 hexadecimal digits.
    public var digest: String
    /// The size of the document or blob, in bytes.
    public var size: Int64
    /// The platform of an image; only in an index.
    public var platform: Platform?
    /// Arbitrary metadata, see the specification's annotations.
    public var annotations: [String: String]?
    /// The type of an artifact that is no image.
    public var artifactType: String?
    /// Where else the blob can be fetched. Assay fetches nothing.
    public var urls: [String]?

    /// The names of the image in a layout: a tag, and what containerd and Docker write.
    ///
    /// Source: <https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys>
    var names: [String] {
        ["org.opencontainers.image.ref.name", "io.containerd.image.name"].compactMap { annotations?[$0] }
    }

    /// Whether it is BuildKit's manifest for attestations, which is no image.
    ///
    /// Source: <https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md>
    public var isAttestation: Bool {
        annotations?["vnd.docker.reference.type"] == "attestation-manifest"
    }
}
