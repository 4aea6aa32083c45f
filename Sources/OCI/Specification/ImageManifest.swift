/// One image: its configuration and its layers.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/manifest.md>
public struct ImageManifest: Codable, Sendable, Equatable {
    /// Always 2.
    public var schemaVersion: Int
    public var mediaType: String?
    public var artifactType: String?
    public var config: Descriptor
    /// The layers, the lowest first.
    public var layers: [Descriptor]
    public var subject: Descriptor?
    public var annotations: [String: String]?
}
