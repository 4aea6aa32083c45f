/// Where the directories of a layer are in the tree, each under its text in the layer. Forgotten as soon as something that a path may lead
/// through is another thing.
struct DirectoryPlaces {
    /// Directories that entries have gone into.
    var made: [LayerEntries.Text: Int] = [:]
    private var found: [LayerEntries.Text: Int] = [:]
    private var foundBefore: [LayerEntries.Text: Int] = [:]
    /// Directories that were not there when the tree had so many nodes.
    private var missing: [LayerEntries.Text: Int] = [:]
    private var missingBefore: [LayerEntries.Text: Int] = [:]

    /// - Parameter nodes: how many nodes the tree has now.
    /// - Returns: nil where it is not known; where it is, nil for a directory that is not there.
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
