import Archive

/// The file system that an image's layers make, applied one over the other.
///
/// Engines unpack each layer by itself, and overlay puts the layers over one another. So a path in a layer follows only
/// links of the same layer, and a directory on the way hides anything else of its name in the layers below.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets>,
/// <https://docs.kernel.org/filesystems/overlayfs.html>
struct ImageTree {
    /// The entry of a layer that a file comes from.
    struct Origin: Sendable, Hashable {
        var layer: Int
        var entry: Int
    }

    static let root = 0
    private static let mostLinks = 40
    /// The longest name that Linux's file systems take, in bytes.
    static let longestName = 255
    /// The longest target of a symbolic link, in bytes: `PATH_MAX` with a NUL.
    static let longestTarget = 4095
    static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")
    private static let whiteout = Array(".wh.".utf8)
    private static let opaque = Array(".wh..wh..opq".utf8)

    let layers: [LayerEntries]
    var nodes: [Node]
    var table = ChildTable()
    /// The entries that engines refuse: for each reason, the first in each layer.
    private(set) var refused: [Refusal: [Origin]] = [:]
    /// The nodes that the current layer has removed.
    private var removed = ChildTable()
    /// What the current layer has whiteouts for so far.
    private var whiteouts = WhiteoutTable()
    private var places = DirectoryPlaces()
    /// The modes that hard links give to files. Engines set a file's mode to that of the link's entry.
    private(set) var linkModes: [Origin: UInt16] = [:]
    private let mostNodes: Int
    /// Counts the path components that are walked.
    let work: WorkBudget

    /// Why engines refuse an entry.
    enum Refusal: CaseIterable {
        /// It replaces another entry of its own layer.
        case duplicate
        /// A second entry for a directory in one layer.
        case directoryTwice
        /// A hard link to something that is not a file, or does not exist.
        case linkToNothing
        /// A hard link to a file that only a lower layer has.
        case linkBelow
        /// Its own layer has something else in the place of one of its directories.
        case notInDirectory
        /// A whiteout of an earlier entry in its own layer.
        case whiteoutOfOwn
        /// One of its directories is a link of its own layer to something that does not exist.
        case throughDanglingLink
        /// A whiteout of nothing: `.wh.`, `.wh..` or `.wh...`.
        case whiteoutOfNothing
        /// A name, or a symbolic link's target, that no file system takes.
        case nameTooLong
        /// A type that engines do not unpack, such as GNU's older form of sparse files.
        case unknownType
    }

    /// The layers have more than the limit.
    struct OverLimit: Error {
        let expected: String
    }

    /// Applies layers, the lowest first.
    ///
    /// - Parameter mostNodes: the limit of nodes. A short archive can name many directories at great depth.
    /// - Throws: `OverLimit`.
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
            removed = ChildTable()
            whiteouts = WhiteoutTable()
            try work.check()
        }
        places = DirectoryPlaces()
    }

    /// The node at a path, with all symbolic links followed, the last one too; nil if there is none.
    ///
    /// - Parameters:
    ///   - path: relative to `directory`, or absolute.
    ///   - directory: where a relative path begins.
    func resolve(_ path: some Collection<UInt8>, in directory: Int = root) -> Int? {
        var links = 0
        return resolve(Array(path)[...], in: directory, links: &links)
    }

    /// The node at a path written as text.
    func resolve(_ path: String, in directory: Int = root) -> Int? {
        resolve(path.utf8, in: directory)
    }

    /// Whether a path fails because it has more links than the kernel follows: ELOOP, not ENOENT.
    func isLoop(_ path: some Collection<UInt8>, in directory: Int = root) -> Bool {
        var links = 0
        return resolve(Array(path)[...], in: directory, links: &links) == nil && links > Self.mostLinks
    }

    /// - Parameters:
    ///   - before: whether to look at the state before the layer's whiteouts.
    ///   - visit: is called with each directory in which a name is looked up.
    func resolve(
        _ path: ArraySlice<UInt8>, in directory: Int, links: inout Int, before: Bool = false,
        visit: ((Int) -> Void)? = nil
    ) -> Int? {
        let path = Self.withoutOwnRoot(path)
        var current = path.first == Self.slash ? Self.root : directory
        var start = path.startIndex
        while start < path.endIndex {
            let end = path[start...].firstIndex(of: Self.slash) ?? path.endIndex
            if end > start {
                guard let next = step(path[start..<end], from: current, links: &links, before: before, visit: visit)
                else {
                    return nil
                }
                current = next
            }
            start = end + 1
        }
        // Only a directory may be named with a slash at the end.
        return path.last == Self.slash && nodes[current].kind != .directory ? nil : current
    }

    private func step(
        _ component: ArraySlice<UInt8>, from directory: Int, links: inout Int, before: Bool,
        visit: ((Int) -> Void)?
    ) -> Int? {
        guard work.spend(), nodes[directory].kind == .directory else { return nil }
        visit?(directory)
        if component.first == Self.dot {
            if component.count == 1 { return directory }
            if component.count == 2, component.last == Self.dot { return nodes[directory].parent }
        }
        guard let child = child(component, of: directory, before: before) else { return nil }
        guard nodes[child].kind == .symbolicLink, let origin = nodes[child].origin else { return child }
        links += 1
        guard links <= Self.mostLinks else { return nil }
        let entries = layers[origin.layer]
        return resolve(
            entries[entries.target(origin.entry)], in: directory, links: &links, before: before, visit: visit)
    }

    private func child(_ name: ArraySlice<UInt8>, of directory: Int, before: Bool) -> Int? {
        (before ? child(name, of: directory, in: removed) : nil) ?? child(name, of: directory)
    }

    /// Applies a layer's whiteouts to the layers below, wherever in the layer they stand.
    private mutating func removeWhiteouts(of layer: Int) {
        let entries = layers[layer]
        for index in 0..<entries.count {
            let name = entries[entries.name(index)]
            guard name.starts(with: Self.whiteout), let directory = directory(at: entries.directory(index), in: layer)
            else { continue }
            if name.elementsEqual(Self.opaque) {
                // Overlay merges the roots of layers whatever they say.
                guard directory != Self.root else { continue }
                let children = children(of: directory)
                detachChildren(of: directory)
                for child in children { noteRemoved(child) }
                places = DirectoryPlaces()
            } else {
                let hidden = Self.hidden(by: index, in: entries)
                guard let node = child(hidden, of: directory) else { continue }
                if nodes[node].leadsOn { places = DirectoryPlaces() }
                detach(node)
                noteRemoved(node)
            }
        }
    }

    private mutating func noteRemoved(_ node: Int) {
        let nodes = nodes
        removed.insert(node, nodes[node].hash) { nodes[$0].hash }
    }

    private mutating func addEntries(of layer: Int) throws(OverLimit) {
        let entries = layers[layer]
        // The directories that this layer makes opaque.
        var opaques: Set<Int> = []
        for index in 0..<entries.count {
            guard work.spend() else { return }
            let name = entries[entries.name(index)]
            if index == entries.odd?.entry { refuse(Origin(layer: layer, entry: index), .unknownType) }
            guard !name.isEmpty else {
                nodes[Self.root].origin = Origin(layer: layer, entry: index)
                continue
            }
            // Only its name makes a whiteout, as for those who unpack images.
            let isWhiteout = name.starts(with: Self.whiteout)
            let entry = Origin(layer: layer, entry: index)
            // Engines make the directory of a whiteout too, in the layer that they unpack.
            let parent = try directory(of: entry)
            guard isWhiteout else {
                try add(index, of: layer, to: parent)
                continue
            }
            if name.elementsEqual(Self.opaque), !opaques.insert(parent).inserted { refuse(entry, .duplicate) }
            let hidden = Self.hidden(by: index, in: entries)
            if hidden.isEmpty || hidden.elementsEqual(".".utf8) || hidden.elementsEqual("..".utf8) {
                refuse(entry, .whiteoutOfNothing)
            } else if let node = child(hidden, of: parent), nodes[node].layer == layer {
                refuse(entry, .whiteoutOfOwn)
            } else if !name.elementsEqual(Self.opaque) {
                whiteouts.insert(index, Self.hash(hidden, in: parent), in: parent)
            }
        }
    }

    /// The name that an entry's whiteout hides.
    private static func hidden(by index: Int, in entries: LayerEntries) -> ArraySlice<UInt8> {
        entries[entries.name(index)].dropFirst(whiteout.count)
    }

    private mutating func add(_ index: Int, of layer: Int, to parent: Int) throws(OverLimit) {
        let entries = layers[layer]
        let name = entries[entries.name(index)]
        var origin = Origin(layer: layer, entry: index)
        if name.count > Self.longestName { refuse(origin, .nameTooLong) }
        var kind = entries.kind(index)
        if kind == .symbolicLink, entries[entries.target(index)].count > Self.longestTarget {
            refuse(origin, .nameTooLong)
        }
        if kind == .hardLink {
            // The layer may have removed the target's name, since its whiteouts are applied first. The file lives on
            // under the link's name.
            guard let target = lookUp(index, of: layer) ?? lookUp(index, of: layer, before: true),
                let file = nodes[target].origin, nodes[target].kind != .directory
            else { return refuse(origin, .linkToNothing) }
            if nodes[target].layer != layer { refuse(origin, .linkBelow) }
            origin = file
            kind = nodes[target].kind
            if kind == .file, nodes[target].layer == layer,
                entries.mode(index) != linkModes[file] ?? layers[file.layer].mode(file.entry)
            {
                linkModes[file] = entries.mode(index)
            }
        }
        if let existing = child(name, of: parent) {
            if nodes[existing].layer == layer, nodes[existing].origin != nil {
                refuse(Origin(layer: layer, entry: index), kind == .directory ? .directoryTwice : .duplicate)
            }
            if nodes[existing].kind != .directory || kind != .directory {
                if nodes[existing].leadsOn || kind == .symbolicLink { places = DirectoryPlaces() }
                detachChildren(of: existing)
            }
            nodes[existing].origin = origin
            nodes[existing].kind = kind
            nodes[existing].layer = layer
        } else {
            whiteouts.remove(Self.hash(name, in: parent), in: parent) { Self.hidden(by: $0, in: entries) == name }
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

    /// The target of a hard link. Links on the way are followed, but not the last component.
    private mutating func lookUp(_ index: Int, of layer: Int, before: Bool = false) -> Int? {
        let entries = layers[layer]
        guard let directory = place(of: entries.targetDirectory(index), in: layer, before: before) else { return nil }
        return child(entries[entries.target(index)], of: directory, before: before)
    }

    /// The node of a layer's directory. Many entries share one directory, so it is remembered.
    private mutating func place(of directory: LayerEntries.Text, in layer: Int, before: Bool = false) -> Int? {
        if let known = places.find(directory, before: before, nodes: nodes.count) { return known }
        var links = 0
        let node = resolve(layers[layer][directory], in: Self.root, links: &links, before: before)
        places.note(node, at: directory, before: before, nodes: nodes.count)
        return node
    }

    private mutating func refuse(_ entry: Origin, _ reason: Refusal) {
        guard refused[reason]?.last?.layer != entry.layer else { return }
        refused[reason, default: []].append(entry)
    }

    /// The directory of a whiteout, without following links: links of the same layer do not exist yet, and links of
    /// other layers do not count.
    private mutating func directory(at path: LayerEntries.Text, in layer: Int) -> Int? {
        if let known = places.find(path, before: false, nodes: nodes.count) { return known }
        var current: Int? = Self.root
        for component in layers[layer][path].split(separator: Self.slash) {
            guard let parent = current, work.spend() else { break }
            current = child(component, of: parent).flatMap { nodes[$0].kind == .directory ? $0 : nil }
        }
        places.note(current, at: path, before: false, nodes: nodes.count)
        return current
    }

    /// The directory of an entry. Makes missing directories.
    private mutating func directory(of entry: Origin) throws(OverLimit) -> Int {
        let path = layers[entry.layer].directory(entry.entry)
        if let known = places.made[path] { return known }
        var links = 0
        let directory = try walk(path, from: Self.root, for: entry, links: &links)
        places.made[path] = directory
        return directory
    }

    /// Walks a path as if its layer were alone. Anything in the place of a directory that comes from another layer is
    /// replaced.
    ///
    /// - Parameter isTarget: whether the path is the text of a link on the way.
    private mutating func walk(
        _ path: LayerEntries.Text, from start: Int, for entry: Origin, links: inout Int,
        isTarget: Bool = false
    ) throws(OverLimit) -> Int {
        let entries = layers[entry.layer]
        let text = entries[path]
        var current = text.first == Self.slash ? Self.root : start
        for component in text.split(separator: Self.slash) {
            // Out of budget: the rest may exist all the same.
            guard work.spend() else { break }
            if component.elementsEqual(CollectionOfOne(Self.dot)) { continue }
            if component.elementsEqual([Self.dot, Self.dot]) {
                current = nodes[current].parent
                continue
            }
            let name = LayerEntries.Text(start: UInt32(component.startIndex), count: UInt16(component.count))
            guard let existing = child(component, of: current) else {
                // In overlay a whiteout is a device, not a directory.
                let isHidden = whiteouts.contains(Self.hash(component, in: current), in: current) {
                    Self.hidden(by: $0, in: entries) == component
                }
                if isHidden { refuse(entry, .notInDirectory) }
                if isTarget { refuse(entry, .throughDanglingLink) }
                if component.count > Self.longestName { refuse(entry, .nameTooLong) }
                try append(
                    Node(kind: .directory, layer: entry.layer, parent: current, name: name), named: component)
                current = nodes.count - 1
                continue
            }
            let isOwn = nodes[existing].layer == entry.layer
            if isTarget, !nodes[existing].isPart(of: entry.layer) { refuse(entry, .throughDanglingLink) }
            nodes[existing].becomePart(of: entry.layer)
            if nodes[existing].kind == .symbolicLink, isOwn, let link = nodes[existing].origin,
                link.layer == entry.layer, links < Self.mostLinks
            {
                links += 1
                current = try walk(
                    entries.target(link.entry), from: current, for: entry, links: &links, isTarget: true)
                continue
            }
            if nodes[existing].kind != .directory {
                if isOwn { refuse(entry, .notInDirectory) }
                places = DirectoryPlaces()
                nodes[existing].origin = nil
                nodes[existing].kind = .directory
                nodes[existing].layer = entry.layer
            }
            current = existing
        }
        return current
    }
}
