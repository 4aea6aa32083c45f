import Archive

/// The contents of an image's files, as far as they were kept when its layers were read.
struct KeptContents {
    let tree: ImageTree
    /// Of each layer, by path in it.
    let layers: [[EntryPath: [UInt8]]]

    /// The contents of a regular file; nil for one that was not kept.
    func bytes(of node: Int) -> [UInt8]? {
        guard tree.nodes[node].kind == .file, let origin = tree.nodes[node].origin,
            let path = try? EntryPath(tree.layers[origin.layer].path(origin.entry))
        else { return nil }
        return layers[origin.layer][path]
    }
}
