import Archive

/// The file system that an image's layers make when they are applied one over the other.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets>
struct ImageTree {
    /// Where in the layers a file comes from.
    struct Origin: Sendable, Equatable {
        var layer: Int
        var entry: Int
    }

    static let root = 0
    private static let mostLinks = 40
    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")
    private static let whiteout = Array(".wh.".utf8)
    private static let opaque = Array(".wh..wh..opq".utf8)

    let layers: [LayerEntries]
    var nodes: [Node]
    var table = ChildTable()
    /// Entries that replace another of their own layer, the first of each layer.
    private(set) var duplicates: [Origin] = []
    /// Hard links to what is no file, or not there.
    private(set) var unresolved: [Origin] = []
    /// What the layer that is being applied has taken away: the node by name, in its directory.
    private var removed: [Int: [ArraySlice<UInt8>: Int]] = [:]
    private var places = DirectoryPlaces()
    private let mostNodes: Int
    /// Counts the components of paths that are walked.
    let work: WorkBudget

    /// There is more in the layers than is kept.
    struct OverLimit: Error {
        let expected: String
    }

    /// Applies layers, the lowest first.
    ///
    /// - Parameter mostNodes: a short archive can name many directories, each at great depth.
    init(_ layers: [LayerEntries], mostNodes: Int, work: WorkBudget) throws(OverLimit) {
        self.layers = layers
        self.mostNodes = min(mostNodes, Int(UInt32.max) - 2)
        self.work = work
        nodes = [Node(kind: .directory, layer: 0, parent: 0, name: LayerEntries.Text())]
        for index in layers.indices {
            places = DirectoryPlaces()
            removeWhiteouts(of: index)
            places = DirectoryPlaces()
            try addEntries(of: index)
            removed = [:]
            try work.check()
        }
        places = DirectoryPlaces()
    }

    /// The node at a path, with symbolic links in it followed, the last one included.
    ///
    /// - Parameters:
    ///   - path: relative to `directory`, or absolute.
    ///   - directory: by default the root.
    func resolve(_ path: some Collection<UInt8>, in directory: Int = root) -> Int? {
        var links = 0
        return resolve(Array(path)[...], in: directory, links: &links)
    }

    /// The node at a path written as text.
    func resolve(_ path: String, in directory: Int = root) -> Int? {
        resolve(path.utf8, in: directory)
    }

    func facts(_ node: Int) -> FileFacts? {
        nodes[node].origin.flatMap { layers[$0.layer].facts($0.entry) }
    }

    /// Whether anybody may execute the file.
    func isExecutable(_ node: Int) -> Bool {
        guard nodes[node].kind == .file, let origin = nodes[node].origin else { return false }
        return layers[origin.layer].mode(origin.entry) & 0o111 != 0
    }

    /// The path from the root, with a leading slash.
    func path(_ node: Int) -> String {
        "/" + String(decoding: pathBytes(node), as: UTF8.self)
    }

    /// The path from the root, without a leading slash: symbolic links do not occur in it.
    func pathBytes(_ node: Int) -> [UInt8] {
        var names: [ArraySlice<UInt8>] = []
        var current = node
        while current != Self.root {
            names.append(name(current))
            current = nodes[current].parent
        }
        return Array(names.reversed().joined(separator: [Self.slash]))
    }

    /// The nodes that can be reached from the root.
    func forEachNode(_ body: (Int) -> Void) {
        var pending = [Self.root]
        while let node = pending.popLast() {
            body(node)
            pending += children(of: node)
        }
    }

    /// - Parameter before: as it was before the whiteouts of the layer that is being applied.
    private func resolve(
        _ path: ArraySlice<UInt8>, in directory: Int, links: inout Int, before: Bool = false
    ) -> Int? {
        var current = path.first == Self.slash ? Self.root : directory
        var start = path.startIndex
        while start < path.endIndex {
            let end = path[start...].firstIndex(of: Self.slash) ?? path.endIndex
            if end > start {
                guard let next = step(path[start..<end], from: current, links: &links, before: before) else {
                    return nil
                }
                current = next
            }
            start = end + 1
        }
        return current
    }

    private func step(
        _ component: ArraySlice<UInt8>, from directory: Int, links: inout Int, before: Bool = false
    ) -> Int? {
        guard work.spend(), nodes[directory].kind == .directory else { return nil }
        if component.first == Self.dot {
            if component.count == 1 { return directory }
            if component.count == 2, component.last == Self.dot { return nodes[directory].parent }
        }
        guard let child = child(component, of: directory, before: before) else { return nil }
        guard nodes[child].kind == .symbolicLink, let origin = nodes[child].origin else { return child }
        links += 1
        guard links <= Self.mostLinks else { return nil }
        let entries = layers[origin.layer]
        return resolve(entries[entries.target(origin.entry)], in: directory, links: &links, before: before)
    }

    private func child(_ name: ArraySlice<UInt8>, of directory: Int, before: Bool) -> Int? {
        (before ? removed[directory]?[name] : nil) ?? child(name, of: directory)
    }

    /// What a layer takes away, it takes from the layers below, wherever in it the whiteout stands.
    private mutating func removeWhiteouts(of layer: Int) {
        let entries = layers[layer]
        for index in 0..<entries.count {
            let name = entries[entries.name(index)]
            guard name.starts(with: Self.whiteout),
                let directory = place(of: entries.directory(index), in: layer), nodes[directory].kind == .directory
            else { continue }
            if name.elementsEqual(Self.opaque) {
                for child in children(of: directory) {
                    let name = self.name(child)
                    if removed[directory]?[name] == nil { removed[directory, default: [:]][name] = child }
                }
                detachChildren(of: directory)
                places = DirectoryPlaces()
            } else {
                let hidden = name.dropFirst(Self.whiteout.count)
                guard let node = child(hidden, of: directory) else { continue }
                if nodes[node].leadsOn { places = DirectoryPlaces() }
                detach(node)
                removed[directory, default: [:]][hidden] = node
            }
        }
    }

    private mutating func addEntries(of layer: Int) throws(OverLimit) {
        let entries = layers[layer]
        for index in 0..<entries.count {
            guard work.spend() else { return }
            let name = entries[entries.name(index)]
            guard !name.isEmpty else {
                nodes[Self.root].origin = Origin(layer: layer, entry: index)
                continue
            }
            // Only the name makes a whiteout, as those who unpack images see it.
            if name.starts(with: Self.whiteout) { continue }
            try add(index, of: layer, to: try makeDirectory(entries.directory(index), layer: layer))
        }
    }

    private mutating func add(_ index: Int, of layer: Int, to parent: Int) throws(OverLimit) {
        let entries = layers[layer]
        let name = entries[entries.name(index)]
        var origin = Origin(layer: layer, entry: index)
        var kind = entries.kind(index)
        if kind == .hardLink {
            // A layer may take away what it keeps under another name, and its whiteouts have been applied already.
            guard let target = lookUp(index, of: layer) ?? lookUp(index, of: layer, before: true),
                let file = nodes[target].origin, nodes[target].kind != .directory
            else {
                return unresolved.append(origin)
            }
            origin = file
            kind = nodes[target].kind
        }
        if let existing = child(name, of: parent) {
            if nodes[existing].layer == layer, nodes[existing].origin != nil, kind != .directory,
                duplicates.last?.layer != layer
            {
                duplicates.append(Origin(layer: layer, entry: index))
            }
            if nodes[existing].kind != .directory || kind != .directory {
                if nodes[existing].leadsOn || kind == .symbolicLink { places = DirectoryPlaces() }
                detachChildren(of: existing)
            }
            nodes[existing].origin = origin
            nodes[existing].kind = kind
            nodes[existing].layer = layer
        } else {
            try append(
                Node(origin: origin, kind: kind, layer: layer, parent: parent, name: entries.name(index)), named: name)
        }
    }

    private mutating func append(_ node: Node, named name: ArraySlice<UInt8>) throws(OverLimit) {
        guard nodes.count < mostNodes else {
            throw OverLimit(expected: "at most \(mostNodes) files and directories (--limit entries=N)")
        }
        attach(node, hash: Self.hash(name, in: node.parent))
    }

    /// What a hard link names: links on the way are followed, the last component is not.
    private mutating func lookUp(_ index: Int, of layer: Int, before: Bool = false) -> Int? {
        let entries = layers[layer]
        guard let directory = place(of: entries.targetDirectory(index), in: layer, before: before) else { return nil }
        return child(entries[entries.target(index)], of: directory, before: before)
    }

    /// The node at the path of a directory of a layer, which many entries have.
    private mutating func place(of directory: LayerEntries.Text, in layer: Int, before: Bool = false) -> Int? {
        if let known = places.find(directory, before: before, nodes: nodes.count) { return known }
        var links = 0
        let node = resolve(layers[layer][directory], in: Self.root, links: &links, before: before)
        places.note(node, at: directory, before: before, nodes: nodes.count)
        return node
    }

    /// The directory that entries below `path` go into; what is missing of it is made.
    private mutating func makeDirectory(_ directory: LayerEntries.Text, layer: Int) throws(OverLimit) -> Int {
        if let known = places.made[directory] { return known }
        let path = layers[layer][directory]
        var current = Self.root
        var start = path.startIndex
        while start < path.endIndex {
            let end = path[start...].firstIndex(of: Self.slash) ?? path.endIndex
            defer { start = end + 1 }
            let component = path[start..<end]
            var links = 0
            if let next = step(component, from: current, links: &links), nodes[next].kind == .directory {
                current = next
                continue
            }
            // What could not be walked may be there all the same.
            if work.isSpent { break }
            let name = LayerEntries.Text(start: UInt32(start), count: UInt16(end - start))
            let made = Node(kind: .directory, layer: layer, parent: current, name: name)
            if let existing = child(component, of: current) {
                places = DirectoryPlaces()
                nodes[existing].origin = nil
                nodes[existing].kind = .directory
                nodes[existing].layer = layer
                current = existing
            } else {
                try append(made, named: component)
                current = nodes.count - 1
            }
        }
        places.made[directory] = current
        return current
    }
}
