/// Remembers the nodes of a layer's directories, by their text in the layer. Forgotten as soon as anything that a path
/// may lead through changes.
struct DirectoryPlaces {
    /// The directories that entries were added to.
    var made: [LayerEntries.Text: Int] = [:]
    private var found: [LayerEntries.Text: Int] = [:]
    private var foundBefore: [LayerEntries.Text: Int] = [:]
    /// Directories that did not exist when the tree had this many nodes.
    private var missing: [LayerEntries.Text: Int] = [:]
    private var missingBefore: [LayerEntries.Text: Int] = [:]

    /// - Parameters:
    ///   - before: whether to look at the state before the layer's whiteouts.
    ///   - nodes: how many nodes the tree has now.
    /// - Returns: nil if unknown; else the node, or nil for a directory that does not exist.
    func find(_ directory: LayerEntries.Text, before: Bool, nodes: Int) -> Int?? {
        if let node = before ? foundBefore[directory] : found[directory] { return .some(node) }
        if let count = before ? missingBefore[directory] : missing[directory], count == nodes { return .some(nil) }
        return nil
    }

    mutating func note(_ node: Int?, at directory: LayerEntries.Text, before: Bool, nodes: Int) {
        switch (node, before) {
        case (let node?, false): found[directory] = node
        case (let node?, true): foundBefore[directory] = node
        case (nil, false): missing[directory] = nodes
        case (nil, true): missingBefore[directory] = nodes
        }
    }
}
