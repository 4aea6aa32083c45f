/// The media types of the documents that Assay reads. What is not listed is carried along without being read.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/media-types.md>,
/// <https://github.com/distribution/distribution/blob/main/docs/content/spec/manifest-v2-2.md#media-types>
public enum MediaType {
    public static let index = "application/vnd.oci.image.index.v1+json"
    public static let manifest = "application/vnd.oci.image.manifest.v1+json"
    public static let config = "application/vnd.oci.image.config.v1+json"
    public static let dockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json"
    public static let dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
    public static let dockerConfig = "application/vnd.docker.container.image.v1+json"

    public static func isIndex(_ type: String?) -> Bool { type == index || type == dockerIndex }

    public static func isManifest(_ type: String?) -> Bool { type == manifest || type == dockerManifest }

    public static func isConfig(_ type: String?) -> Bool { type == config || type == dockerConfig }

    /// Whether blobs of this type are file system layers that can be read: not those that somebody encrypted.
    public static func isLayer(_ type: String) -> Bool {
        (type.hasPrefix("application/vnd.oci.image.layer.") || type.hasPrefix("application/vnd.docker.image.rootfs."))
            && !type.hasSuffix("+encrypted")
    }

    /// Whether blobs of this type may be left out of a layout.
    ///
    /// Source: <https://github.com/opencontainers/image-spec/blob/main/layer.md#non-distributable-layers>
    public static func isNondistributable(_ type: String) -> Bool {
        type.contains(".nondistributable.") || type.contains(".rootfs.foreign.")
    }
}
