import Archive

/// The contents of those files of an image that were kept when its layers were read.
struct KeptContents {
    let tree: ImageTree
    /// The kept files of each layer, by path.
    let layers: [[EntryPath: [UInt8]]]

    /// The contents of a regular file; nil if they were not kept.
    func bytes(of node: Int) -> [UInt8]? {
        guard tree.nodes[node].kind == .file, let origin = tree.nodes[node].origin,
            let path = try? EntryPath(tree.layers[origin.layer].path(origin.entry))
        else { return nil }
        return layers[origin.layer][path]
    }
}
