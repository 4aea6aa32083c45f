import Archive

/// Where each entry of each layer is written, so that each path is written only once.
///
/// The plan comes from the tree that was inspected, so the files that run are those that were checked. No path in it
/// has a symbolic link, and whiteouts are already applied.
struct UnpackingPlan {
    private var places: [[Int: [EntryPath]]]
    private let modes: [ImageTree.Origin: UInt16]
    /// Directories without an entry in any layer. Some have files that make them, others are empty.
    private var implied: [EntryPath] = []

    init(_ tree: ImageTree) {
        var places = [[Int: [EntryPath]]](repeating: [:], count: tree.layers.count)
        modes = tree.linkModes
        var implied: [EntryPath] = []
        tree.forEachNode { node in
            let path = node == ImageTree.root ? .root : try? EntryPath(tree.pathBytes(node))
            guard let origin = tree.nodes[node].origin else {
                if let path, node != ImageTree.root { implied.append(path) }
                return
            }
            if let path { places[origin.layer][origin.entry, default: []].append(path) }
        }
        self.places = places
        self.implied = implied
    }

    /// Writes the directories that no layer has an entry for. Call it after all layers.
    ///
    /// - Throws: `ArchiveError`.
    func writeImplied(to writer: TreeWriter) throws(ArchiveError) {
        for path in implied { try writer.makeDirectory(path) }
    }

    /// Writes a layer's entries.
    ///
    /// - Throws: `ArchiveError`, also if the layer's entries are not those that were inspected.
    func write(
        layer: Int, from reader: ArchiveReader, to writer: TreeWriter
    ) throws(ArchiveError) {
        var index = 0
        while let found = try reader.next() {
            defer { index += 1 }
            guard let paths = places[layer][index] else { continue }
            var entry = found
            if let mode = modes[ImageTree.Origin(layer: layer, entry: index)] { entry.mode = UInt32(mode) }
            for (number, path) in paths.enumerated() {
                entry.path = path
                if number > 0 {
                    // A directory has only one place, and devices are always left out.
                    if entry.kind == .special || entry.kind == .directory { break }
                    entry.kind = .hardLink(target: paths[0])
                }
                try writer.write(entry, from: reader)
            }
        }
    }
}
