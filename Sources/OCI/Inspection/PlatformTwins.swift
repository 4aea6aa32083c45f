import ELF

/// Finds the counterparts of files that are for another platform: the same file for the image's own, in a place that
/// differs in words for a platform alone. Programs choose among these.
struct PlatformTwins {
    private let tree: ImageTree
    private let target: ELFTarget
    /// By directory: what is named for the image's architecture, by the rest of its name.
    private var named: [Int: [String: [Int]]] = [:]
    /// What the names of directories say.
    private var known: [Int: PlatformWords] = [:]

    init(_ tree: ImageTree, target: ELFTarget) {
        self.tree = tree
        self.target = target
    }

    /// A component of a path, and what its name says.
    private struct Component {
        var name: ArraySlice<UInt8>
        var words: PlatformWords
        /// Whether programs choose by its name, and it is for another platform than the image's.
        var isChoice: Bool
    }

    /// Whether a file has a counterpart: `prebuilds/linux-x64/x.node` and `prebuilds/linux-arm64/x.node`. A file in a
    /// place that is named for the image's own architecture has none: programs would choose that file.
    mutating func hasCounterpart(_ node: Int) -> Bool {
        let components = components(of: node)
        guard !isForTarget(components), components.contains(where: \.isChoice) else { return false }
        return find(components[...], in: ImageTree.root, isElsewhere: false)
    }

    /// Whether a file is an object that Go's linker takes only for another processor: of `.syso` files it takes those
    /// whose names, or directories, are for the processor that it links for.
    mutating func isObjectForOther(_ node: Int) -> Bool {
        guard NativePlaces.ends(tree.name(node), ".syso") else { return false }
        let components = components(of: node)
        return !isForTarget(components) && components.contains { !$0.words.architectures.isEmpty }
    }

    private mutating func components(of node: Int) -> [Component] {
        var components: [Component] = []
        var current = node
        while current != ImageTree.root, tree.work.spend() {
            let parent = tree.nodes[current].parent
            let words = current == node ? PlatformWords(tree.name(node)) : words(ofDirectory: current)
            // The name of a directory must be Linux's, or be in one that is: others are no choice of a platform.
            let isOfLinux = words.namesLinux || current == node || self.words(ofDirectory: parent).namesLinux
            let isOther = words.namesLinux || !words.architectures.isEmpty
            components.append(
                Component(
                    name: tree.name(current), words: words,
                    isChoice: isOther && isOfLinux && !words.isTriplet && !names(words)))
            current = parent
        }
        return components.reversed()
    }

    private mutating func words(ofDirectory node: Int) -> PlatformWords {
        if let words = known[node] { return words }
        let words = PlatformWords(tree.name(node))
        known[node] = words
        return words
    }

    private func names(_ words: PlatformWords) -> Bool {
        target.architecture.map(words.architectures.contains) ?? false
    }

    /// Whether the last component that names an architecture names the image's.
    private func isForTarget(_ components: [Component]) -> Bool {
        components.last { !$0.words.architectures.isEmpty }.map { names($0.words) } ?? false
    }

    /// - Parameter isElsewhere: whether the directory is in a place for the image's architecture, not on the file's own
    ///   path.
    private mutating func find(_ components: ArraySlice<Component>, in directory: Int, isElsewhere: Bool) -> Bool {
        guard tree.work.spend() else { return false }
        guard let first = components.first else {
            guard isElsewhere, case .elf(let facts) = tree.facts(directory) else { return false }
            return facts.target == target
        }
        if let same = tree.resolve(first.name, in: directory),
            find(components.dropFirst(), in: same, isElsewhere: isElsewhere)
        {
            return true
        }
        guard first.isChoice else { return false }
        for other in others(first.words.rest, in: directory)
        where find(components.dropFirst(), in: other, isElsewhere: true) {
            return true
        }
        return false
    }

    /// What a directory has that is named for the image's architecture, and apart from that has this name.
    private mutating func others(_ rest: String, in directory: Int) -> [Int] {
        if let known = named[directory] { return known[rest] ?? [] }
        guard tree.nodes[directory].kind == .directory else { return [] }
        let children = tree.children(of: directory)
        guard tree.work.spend(children.count) else { return [] }
        var all: [String: [Int]] = [:]
        for child in children {
            let words = PlatformWords(tree.name(child))
            if names(words), !words.isTriplet { all[words.rest, default: []].append(child) }
        }
        named[directory] = all
        return all[rest] ?? []
    }
}
