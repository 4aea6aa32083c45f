import Archive

/// Which entry of which layer is written where, so that each path is written once, whatever order the layers come in.
///
/// The plan is made from the tree that was inspected: what runs is what was looked at. No path in it leads through a
/// symbolic link, and whiteouts have been applied already.
struct UnpackingPlan {
    private var places: [[Int: [EntryPath]]]
    private let modes: [ImageTree.Origin: UInt16]
    /// Directories that no layer has an entry for. What is in some of them makes them; in others there is nothing.
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

    /// Writes the directories that no layer has an entry for, after all layers.
    ///
    /// - Throws: `ArchiveError`.
    func writeImplied(to writer: TreeWriter) throws(ArchiveError) {
        for path in implied { try writer.makeDirectory(path) }
    }

    /// Writes what a layer contributes.
    ///
    /// - Throws: `ArchiveError`, also where the layer has no longer the entries that it had.
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
                    // A directory has one place, and devices are left out wherever they are.
                    if entry.kind == .special || entry.kind == .directory { break }
                    entry.kind = .hardLink(target: paths[0])
                }
                try writer.write(entry, from: reader)
            }
        }
    }
}
