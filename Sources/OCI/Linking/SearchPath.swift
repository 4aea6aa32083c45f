import ELF

/// Directories in the order in which a linker searches them, each once. Missing ones are left out.
final class SearchPath {
    /// A directory, and the text by which the linker names it. The `$ORIGIN` of a library found there comes from the
    /// text.
    struct Place {
        let node: Int
        let text: String
    }

    let places: [Place]
    private let ranks: [Int: Int]

    nonisolated(unsafe) static let none = SearchPath([])

    private init(_ places: [Place]) {
        self.places = places
        ranks = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1.node, $0) })
    }

    /// - Parameters:
    ///   - paths: the directories. An empty path stands for `directory`.
    ///   - directory: where the program is started.
    ///   - subdirectories: the subdirectories that are searched before each directory.
    ///   - user: who must be allowed to reach the directories; nil if that does not matter.
    convenience init(
        _ paths: [String], in tree: ImageTree, from directory: Int = ImageTree.root, subdirectories: [String] = [],
        user: ImageUser? = nil
    ) {
        var seen: Set<Int> = []
        var places: [Place] = []
        for path in paths {
            guard let node = tree.resolve(path, in: directory), tree.nodes[node].kind == .directory,
                !seen.contains(node),
                user.flatMap({ tree.closedDirectory(on: path.utf8, in: directory, to: $0) }) == nil
            else { continue }
            for name in subdirectories {
                guard let below = tree.resolve(name, in: node), tree.nodes[below].kind == .directory else { continue }
                if seen.insert(below).inserted { places.append(Place(node: below, text: "\(path)/\(name)")) }
            }
            if seen.insert(node).inserted { places.append(Place(node: node, text: path)) }
        }
        self.init(places)
    }

    var isEmpty: Bool { places.isEmpty }

    /// These directories, then the others.
    func followed(by others: SearchPath, _ tree: ImageTree) -> SearchPath {
        guard !others.isEmpty else { return self }
        guard !isEmpty else { return others }
        guard tree.work.spend(places.count + others.places.count) else { return self }
        return SearchPath(places + others.places.filter { ranks[$0.node] == nil })
    }

    /// The index of a directory in the order; nil if it is not there.
    func rank(_ directory: Int) -> Int? { ranks[directory] }
}

/// Knows which directories have a name that some ELF file needs: search paths can be long, and libraries many.
struct LibraryNames {
    /// Up to this many directories are searched one by one.
    static let few = 16

    private let tree: ImageTree
    private var directories: [ArraySlice<UInt8>: [Int]]?

    init(_ tree: ImageTree) { self.tree = tree }

    /// The directories of a search path that may have that name, in order.
    mutating func places(of name: [UInt8], in path: SearchPath) -> [SearchPath.Place] {
        guard path.places.count > Self.few else { return path.places }
        let all = directories ?? index()
        directories = all
        guard let having = all[name[...]] else { return path.places }
        tree.work.spend(min(having.count, path.places.count))
        if having.count > path.places.count { return path.places }
        return having.compactMap { path.rank($0) }.sorted().map { path.places[$0] }
    }

    private func index() -> [ArraySlice<UInt8>: [Int]] {
        var directories: [ArraySlice<UInt8>: [Int]] = [:]
        for layer in tree.layers {
            for case .elf(let facts) in layer.facts {
                for name in facts.dynamic?.needed ?? [] { directories[Array(name.utf8)[...]] = [] }
            }
        }
        tree.forEachNode { node in directories[tree.name(node)]?.append(tree.nodes[node].parent) }
        return directories
    }
}
