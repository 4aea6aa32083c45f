/// A list of images, usually one for each platform.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/image-index.md>
public struct ImageIndex: Codable, Sendable, Equatable {
    /// Always 2.
    public var schemaVersion: Int
    /// The media type of the index itself.
    public var mediaType: String?
    public var manifests: [Descriptor]
    /// Arbitrary metadata of the index.
    public var annotations: [String: String]?
    /// A member that makes it ambiguous; nil if it has none. Nobody looks for one in the `index.json` of a layout.
    var forbidden: String?

    enum CodingKeys: String, CodingKey {
        case schemaVersion, mediaType, manifests, annotations
    }

    /// Accepts null for the list: Go writes an empty list so.
    public init(from decoder: any Decoder) throws {
        forbidden = try ForbiddenFields.found(of: ForbiddenFields.inIndex, in: decoder)
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        schemaVersion = try fields.decode(Int.self, forKey: .schemaVersion)
        mediaType = try fields.decodeIfPresent(String.self, forKey: .mediaType)
        guard fields.contains(.manifests) else {
            throw DecodingError.keyNotFound(
                CodingKeys.manifests,
                .init(codingPath: decoder.codingPath, debugDescription: "no manifests"))
        }
        // An entry that is null names nothing.
        manifests = try fields.decodeIfPresent([Descriptor?].self, forKey: .manifests)?.compactMap(\.self) ?? []
        annotations = try fields.decodeIfPresent([String: String].self, forKey: .annotations)
    }
}

/// The file `oci-layout`, which marks a directory as an image layout.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/image-layout.md#oci-layout-file>
public struct ImageLayout: Codable, Sendable, Equatable {
    public var imageLayoutVersion: String
}
