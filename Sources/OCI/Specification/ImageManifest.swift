/// One image: its configuration and its layers.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/manifest.md>
public struct ImageManifest: Codable, Sendable, Equatable {
    /// Always 2.
    public var schemaVersion: Int
    /// The media type of the manifest itself.
    public var mediaType: String?
    /// The type of an artifact that is no image.
    public var artifactType: String?
    /// Points at the configuration.
    public var config: Descriptor
    /// The layers, the lowest first.
    public var layers: [Descriptor]
    /// Points at the manifest that this one is about, such as that of a signed image.
    public var subject: Descriptor?
    /// Arbitrary metadata of the image.
    public var annotations: [String: String]?
}
