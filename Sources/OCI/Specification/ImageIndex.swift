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

    /// Accepts null for the list: Go writes an empty list so.
    public init(from decoder: any Decoder) throws {
        try UnusedFields.checkAbsence(of: [.config, .layers], in: decoder, expected: "an index")
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        schemaVersion = try fields.decode(Int.self, forKey: .schemaVersion)
        mediaType = try fields.decodeIfPresent(String.self, forKey: .mediaType)
        guard fields.contains(.manifests) else {
            throw DecodingError.keyNotFound(
                CodingKeys.manifests,
                .init(codingPath: decoder.codingPath, debugDescription: "no manifests"))
        }
        manifests = try fields.decodeIfPresent([Descriptor].self, forKey: .manifests) ?? []
        annotations = try fields.decodeIfPresent([String: String].self, forKey: .annotations)
    }
}

/// The file `oci-layout`, which marks a directory as an image layout.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/image-layout.md#oci-layout-file>
public struct ImageLayout: Codable, Sendable, Equatable {
    public var imageLayoutVersion: String
}
