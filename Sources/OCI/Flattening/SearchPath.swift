import ELF

/// Directories in the order in which a linker looks into them, each once. Those that are not there are left out.
final class SearchPath {
    let directories: [Int]
    private let ranks: [Int: Int]

    nonisolated(unsafe) static let none = SearchPath([])

    private init(_ directories: [Int]) {
        self.directories = directories
        ranks = Dictionary(uniqueKeysWithValues: directories.enumerated().map { ($1, $0) })
    }

    convenience init(_ paths: [String], in tree: ImageTree) {
        var seen: Set<Int> = []
        self.init(
            paths.compactMap { path in
                guard let node = tree.resolve(path), tree.nodes[node].kind == .directory else { return nil }
                return seen.insert(node).inserted ? node : nil
            })
    }

    /// These directories, then others.
    func followed(by others: SearchPath, _ tree: ImageTree) -> SearchPath {
        guard !others.directories.isEmpty else { return self }
        guard !directories.isEmpty else { return others }
        guard tree.work.spend(directories.count + others.directories.count) else { return self }
        return SearchPath(directories + others.directories.filter { ranks[$0] == nil })
    }

    /// Its place in the order; nil for another directory.
    func rank(_ directory: Int) -> Int? { ranks[directory] }
}

/// Where in an image there is something of a name that some ELF file needs: search paths can be long, and libraries many.
struct LibraryNames {
    /// So few directories are looked into one by one.
    static let few = 16

    private let tree: ImageTree
    private var directories: [ArraySlice<UInt8>: [Int]]?

    init(_ tree: ImageTree) { self.tree = tree }

    /// The directories of a search path that have something of that name, in order.
    mutating func directories(of name: [UInt8], in path: SearchPath) -> [Int] {
        let all = directories ?? index()
        directories = all
        let having = all[name[...]] ?? []
        tree.work.spend(min(having.count, path.directories.count))
        if having.count > path.directories.count { return path.directories }
        let ranked = having.compactMap { directory in path.rank(directory).map { (directory, $0) } }
        return ranked.sorted { $0.1 < $1.1 }.map(\.0)
    }

    private func index() -> [ArraySlice<UInt8>: [Int]] {
        var directories: [ArraySlice<UInt8>: [Int]] = [:]
        for layer in tree.layers {
            for case .elf(let facts) in layer.facts {
                for name in facts.dynamic?.needed ?? [] { directories[Array(name.utf8)[...]] = [] }
            }
        }
        tree.forEachNode { node in
            guard tree.nodes[node].kind == .file || tree.nodes[node].kind == .symbolicLink else { return }
            directories[tree.name(node)]?.append(tree.nodes[node].parent)
        }
        return directories
    }
}
