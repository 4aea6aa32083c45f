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

    struct Node {
        /// Nil for a directory that no layer has an entry for.
        var origin: Origin?
        /// The kind, with hard links followed.
        var kind: LayerEntries.Kind
        /// The layer that gave the node its place, which for hard links is not where its contents come from.
        var layer: Int
        var parent: Int
        var name: ArraySlice<UInt8>
        /// What is in a directory, by name.
        var children: [ArraySlice<UInt8>: Int] = [:]
    }

    static let root = 0
    private static let mostLinks = 40
    private static let slash = UInt8(ascii: "/")
    private static let whiteout = Array(".wh.".utf8)
    private static let opaque = Array(".wh..wh..opq".utf8)

    let layers: [LayerEntries]
    private(set) var nodes: [Node]
    /// Entries that replace another of their own layer, the first of each layer.
    private(set) var duplicates: [Origin] = []
    /// Hard links to what is no file, or not there.
    private(set) var unresolved: [Origin] = []
    /// What the layer that is being applied has taken away: the node by name, in its directory.
    private var removed: [Int: [ArraySlice<UInt8>: Int]] = [:]
    private let mostNodes: Int

    /// There is more in the layers than is kept.
    struct OverLimit: Error {
        let expected: String
    }

    /// Applies layers, the lowest first.
    ///
    /// - Parameter mostNodes: a short archive can name many directories, each at great depth.
    init(_ layers: [LayerEntries], mostNodes: Int) throws(OverLimit) {
        self.layers = layers
        self.mostNodes = mostNodes
        nodes = [Node(kind: .directory, layer: 0, parent: 0, name: [])]
        for index in layers.indices {
            removeWhiteouts(of: index)
            try addEntries(of: index)
            removed = [:]
        }
    }

    /// The node at a path, with symbolic links in it followed, the last one included.
    ///
    /// - Parameters:
    ///   - path: relative to `directory`, or absolute.
    ///   - directory: by default the root.
    func resolve(_ path: some Collection<UInt8>, in directory: Int = root) -> Int? {
        var links = 0
        return resolve(path, in: directory, links: &links)
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
            names.append(nodes[current].name)
            current = nodes[current].parent
        }
        return Array(names.reversed().joined(separator: [Self.slash]))
    }

    /// The nodes that can be reached from the root.
    func forEachNode(_ body: (Int) -> Void) {
        var pending = [Self.root]
        while let node = pending.popLast() {
            body(node)
            pending += nodes[node].children.values
        }
    }

    /// - Parameter before: as it was before the whiteouts of the layer that is being applied.
    private func resolve(
        _ path: some Collection<UInt8>, in directory: Int, links: inout Int, before: Bool = false
    ) -> Int? {
        var current = path.first == Self.slash ? Self.root : directory
        for component in path.split(separator: Self.slash) {
            guard let next = step(component, from: current, links: &links, before: before) else { return nil }
            current = next
        }
        return current
    }

    private func step(
        _ component: some Collection<UInt8>, from directory: Int, links: inout Int, before: Bool = false
    ) -> Int? {
        guard nodes[directory].kind == .directory else { return nil }
        if component.elementsEqual(CollectionOfOne(UInt8(ascii: "."))) { return directory }
        if component.elementsEqual("..".utf8) { return nodes[directory].parent }
        guard let child = child(Array(component)[...], of: directory, before: before) else { return nil }
        guard nodes[child].kind == .symbolicLink, let origin = nodes[child].origin else { return child }
        links += 1
        guard links <= Self.mostLinks else { return nil }
        return resolve(layers[origin.layer].target(origin.entry), in: directory, links: &links, before: before)
    }

    private func child(_ name: ArraySlice<UInt8>, of directory: Int, before: Bool) -> Int? {
        (before ? removed[directory]?[name] : nil) ?? nodes[directory].children[name]
    }

    /// What a layer takes away, it takes from the layers below, wherever in it the whiteout stands.
    private mutating func removeWhiteouts(of layer: Int) {
        let entries = layers[layer]
        for index in 0..<entries.count {
            let path = entries.path(index)
            let name = path[(path.lastIndex(of: Self.slash).map { $0 + 1 } ?? path.startIndex)...]
            guard name.starts(with: Self.whiteout),
                let directory = resolve(path[..<name.startIndex]), nodes[directory].kind == .directory
            else { continue }
            if name.elementsEqual(Self.opaque) {
                removed[directory, default: [:]].merge(nodes[directory].children) { first, _ in first }
                nodes[directory].children = [:]
            } else {
                let hidden = Array(name.dropFirst(Self.whiteout.count))[...]
                guard let node = nodes[directory].children.removeValue(forKey: hidden) else { continue }
                removed[directory, default: [:]][hidden] = node
            }
        }
    }

    private mutating func addEntries(of layer: Int) throws(OverLimit) {
        let entries = layers[layer]
        var parent: (path: ArraySlice<UInt8>, node: Int) = ([], Self.root)
        for index in 0..<entries.count {
            let path = entries.path(index)
            guard !path.isEmpty else {
                nodes[Self.root].origin = Origin(layer: layer, entry: index)
                continue
            }
            let slash = path.lastIndex(of: Self.slash)
            let name = path[(slash.map { $0 + 1 } ?? path.startIndex)...]
            // Only the name makes a whiteout, as those who unpack images see it.
            if name.starts(with: Self.whiteout) { continue }
            let directory = slash.map { path[..<$0] } ?? []
            if directory != parent.path { parent = (directory, try makeDirectory(directory, layer: layer)) }
            try add(index, of: layer, named: name, to: parent.node)
        }
    }

    private mutating func add(
        _ index: Int, of layer: Int, named name: ArraySlice<UInt8>, to parent: Int
    ) throws(OverLimit) {
        let entries = layers[layer]
        var origin = Origin(layer: layer, entry: index)
        var kind = entries.kind(index)
        if kind == .hardLink {
            let path = entries.target(index)
            // A layer may take away what it keeps under another name, and its whiteouts have been applied already.
            guard let target = lookUp(path) ?? lookUp(path, before: true), let file = nodes[target].origin,
                nodes[target].kind != .directory
            else {
                return unresolved.append(origin)
            }
            origin = file
            kind = nodes[target].kind
        }
        if let existing = nodes[parent].children[name] {
            if nodes[existing].layer == layer, nodes[existing].origin != nil, kind != .directory,
                duplicates.last?.layer != layer
            {
                duplicates.append(Origin(layer: layer, entry: index))
            }
            if nodes[existing].kind != .directory || kind != .directory { nodes[existing].children = [:] }
            nodes[existing].origin = origin
            nodes[existing].kind = kind
            nodes[existing].layer = layer
        } else {
            try append(Node(origin: origin, kind: kind, layer: layer, parent: parent, name: name))
        }
    }

    private mutating func append(_ node: Node) throws(OverLimit) {
        guard nodes.count < mostNodes else {
            throw OverLimit(expected: "at most \(mostNodes) files and directories")
        }
        nodes[node.parent].children[node.name] = nodes.count
        nodes.append(node)
    }

    /// What a hard link names: links on the way are followed, the last component is not.
    private func lookUp(_ path: ArraySlice<UInt8>, before: Bool = false) -> Int? {
        let slash = path.lastIndex(of: Self.slash)
        var links = 0
        guard let directory = resolve(slash.map { path[..<$0] } ?? [], in: Self.root, links: &links, before: before)
        else { return nil }
        return child(path[(slash.map { $0 + 1 } ?? path.startIndex)...], of: directory, before: before)
    }

    /// The directory that entries below `path` go into; what is missing of it is made.
    private mutating func makeDirectory(_ path: ArraySlice<UInt8>, layer: Int) throws(OverLimit) -> Int {
        var current = Self.root
        for component in path.split(separator: Self.slash) {
            var links = 0
            if let next = step(component, from: current, links: &links), nodes[next].kind == .directory {
                current = next
                continue
            }
            if let existing = nodes[current].children[component] {
                nodes[existing] = Node(kind: .directory, layer: layer, parent: current, name: component)
                current = existing
            } else {
                try append(Node(kind: .directory, layer: layer, parent: current, name: component))
                current = nodes.count - 1
            }
        }
        return current
    }
}
