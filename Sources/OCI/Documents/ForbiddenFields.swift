/// Members that make a document ambiguous: of two kinds at once. podman and containerd refuse it.
///
/// Source: `ValidateUnambiguousManifestFormat` in <https://github.com/containers/image/blob/main/internal/manifest/manifest.go>,
/// `validateMediaType` in <https://github.com/containerd/containerd/blob/main/core/images/image.go>
enum ForbiddenFields: String, CodingKey {
    case manifests, config, layers, fsLayers, history

    static let inIndex = [config, layers, fsLayers, history]
    static let inManifest = [manifests, fsLayers, history]

    /// What a document has of these members, for a fault; nil if it has none.
    static func found(of keys: [ForbiddenFields], in decoder: any Decoder) throws -> String? {
        let fields = try decoder.container(keyedBy: Self.self)
        return keys.first { fields.contains($0) }.map {
            "\($0.rawValue), which it does not have: engines call it ambiguous"
        }
    }
}
