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
    /// A member that makes it ambiguous; nil if it has none.
    var forbidden: String?

    enum CodingKeys: String, CodingKey {
        case schemaVersion, mediaType, artifactType, config, layers, subject, annotations
    }
}

extension ImageManifest {
    /// Accepts null for the layers, and none: Go takes both for an empty list.
    public init(from decoder: any Decoder) throws {
        forbidden = try ForbiddenFields.found(of: ForbiddenFields.inManifest, in: decoder)
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        schemaVersion = try fields.decode(Int.self, forKey: .schemaVersion)
        mediaType = try fields.decodeIfPresent(String.self, forKey: .mediaType)
        artifactType = try fields.decodeIfPresent(String.self, forKey: .artifactType)
        config = try fields.decode(Descriptor.self, forKey: .config)
        layers = try fields.decodeIfPresent([Descriptor].self, forKey: .layers) ?? []
        subject = try fields.decodeIfPresent(Descriptor.self, forKey: .subject)
        annotations = try fields.decodeIfPresent([String: String].self, forKey: .annotations)
    }
}
