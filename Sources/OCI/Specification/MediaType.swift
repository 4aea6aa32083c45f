import Archive

/// The media types of the documents that Assay reads. Blobs of other types are not read.
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

    /// Whether a blob of this type is a layer that can be read. Encrypted layers and those of Nydus cannot.
    public static func isLayer(_ type: String) -> Bool { layers.contains(type) }

    /// Whether a blob of this type is part of a file system, in whatever form.
    public static func isPartOfFileSystem(_ type: String) -> Bool {
        type.hasPrefix("application/vnd.oci.image.layer.") || type.hasPrefix("application/vnd.docker.image.rootfs.")
    }

    /// Whether engines read a blob of this type as a plain tar, without checking whether it is compressed.
    ///
    /// Source: `DiffCompression` in <https://github.com/containerd/containerd/blob/main/core/images/mediatypes.go>
    public static func isPlainLayer(_ type: String) -> Bool { plainLayers.contains(type) }

    /// The compression in a layer's media type; nil if it names none.
    static func compression(of type: String) -> Compression? {
        if type.hasSuffix("+gzip") || type.hasSuffix(".gzip") { return .gzip }
        return type.hasSuffix("+zstd") || type.hasSuffix(".zstd") ? .zstd : nil
    }

    private static let plainLayers: Set = [
        "application/vnd.oci.image.layer.v1.tar", "application/vnd.oci.image.layer.nondistributable.v1.tar",
    ]
    private static let layers: Set = plainLayers.union(
        plainLayers.flatMap { [$0 + "+gzip", $0 + "+zstd"] }
            + ["diff.tar", "diff.tar.gzip", "diff.tar.zstd", "foreign.diff.tar", "foreign.diff.tar.gzip"].map {
                "application/vnd.docker.image.rootfs." + $0
            })

    /// Whether a blob of this type may be missing in a layout.
    ///
    /// Source: <https://github.com/opencontainers/image-spec/blob/main/layer.md#non-distributable-layers>
    public static func isNondistributable(_ type: String) -> Bool {
        type.contains(".nondistributable.") || type.contains(".rootfs.foreign.")
    }
}
