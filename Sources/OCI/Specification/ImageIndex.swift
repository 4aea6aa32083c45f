/// A list of images, usually one for each platform.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/image-index.md>
public struct ImageIndex: Codable, Sendable, Equatable {
    /// Always 2.
    public var schemaVersion: Int
    public var mediaType: String?
    public var manifests: [Descriptor]
    public var annotations: [String: String]?
}

/// The file `oci-layout`, which marks a directory as an image layout.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/image-layout.md#oci-layout-file>
public struct ImageLayout: Codable, Sendable, Equatable {
    public var imageLayoutVersion: String
}
