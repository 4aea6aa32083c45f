import ELF

/// Finds the libraries that a program needs as its dynamic linker would, inside an image.
///
/// Source: <https://man7.org/linux/man-pages/man8/ld.so.8.html>, "DESCRIPTION"
struct LinkResolver {
    /// A library that a program needs and the image does not have.
    struct Missing: Equatable {
        var name: String
        /// The file that needs it.
        var needer: Int
    }

    private struct Loaded {
        var node: Int
        var dynamic: ELFDynamic
        /// The search paths that the file and those that loaded it pass on.
        var inherited: SearchPath
    }

    private let tree: ImageTree
    private let paths: LibraryPaths
    private let environment: SearchPath
    private var names: LibraryNames
    /// What linkers search by themselves but for the directory that they are in; of musl, and of others.
    private var standard: [Bool: SearchPath] = [:]
    /// What misses nothing, whoever loads it, by program interpreter.
    private var complete: [String: Set<Int>] = [:]
    /// Libraries found there, by name; likewise.
    private var found: [Bool: [String: Int?]] = [:]

    /// - Parameter environment: `LD_LIBRARY_PATH` of the image, split.
    init(_ tree: ImageTree, paths: LibraryPaths, environment: [String]) {
        self.tree = tree
        self.paths = paths
        self.environment = SearchPath(environment, in: tree)
        names = LibraryNames(tree)
    }

    /// The libraries that a program, or one of its libraries, needs in vain.
    mutating func missing(of program: Int, _ facts: ELFFacts, interpreter: String) -> [Missing] {
        guard let dynamic = facts.dynamic else { return [] }
        let start = Loaded(node: program, dynamic: dynamic, inherited: .none)
        // Most programs miss nothing, and use libraries that others have used before.
        let (missing, isSure) = load(start, facts.target, interpreter, passesOver: true)
        return isSure ? missing : load(start, facts.target, interpreter, passesOver: false).missing
    }

    /// About how much longer it takes to find a library than to walk a component of a path.
    private static let stepsForLibrary = 16

    /// Loads a program and its libraries in the linker's order.
    ///
    /// - Parameter passesOver: do not go into libraries that are known to miss nothing. The names that these make known are
    ///   missing then, so that a library that is said to be missing may be there.
    /// - Returns: what is missing, and whether that is certain.
    private mutating func load(
        _ start: Loaded, _ target: ELFTarget, _ interpreter: String, passesOver: Bool
    ) -> (missing: [Missing], isSure: Bool) {
        let musl = LibraryPaths.isMusl(interpreter)
        let known = passesOver ? complete[interpreter] ?? [] : []
        var missing: [Missing] = []
        var names = Set<String>()
        var sonames = Set<String>()
        var nodes: Set<Int> = [start.node]
        var queue = [start]
        var isSelfContained = true
        var next = 0
        while next < queue.count, tree.work.spend(Self.stepsForLibrary * (1 + queue[next].dynamic.needed.count)) {
            let loaded = queue[next]
            next += 1
            let chain = searchPath(of: loaded)
            let own =
                loaded.dynamic.runpath.isEmpty
                ? .none : SearchPath(expand(loaded.dynamic.runpath, of: loaded.node), in: tree)
            // What is found then depends on who asks.
            if !chain.directories.isEmpty { isSelfContained = false }
            for name in loaded.dynamic.needed {
                if sonames.contains(name), !names.contains(name) { isSelfContained = false }
                guard !sonames.contains(name), names.insert(name).inserted else { continue }
                if musl, LibraryPaths.isPartOfMusl(name) { continue }
                guard let node = find(name, for: loaded, [chain, environment, own], target, interpreter) else {
                    if passesOver, !known.isEmpty { return ([], false) }
                    missing.append(Missing(name: name, needer: loaded.node))
                    continue
                }
                guard nodes.insert(node).inserted, case .elf(let library) = tree.facts(node),
                    let dynamic = library.dynamic
                else { continue }
                if let soname = dynamic.soname { sonames.insert(soname) }
                let rpath = loaded.dynamic.runpath.isEmpty ? chain : .none
                if rpath.directories.isEmpty, known.contains(node) { continue }
                queue.append(Loaded(node: node, dynamic: dynamic, inherited: rpath))
            }
        }
        if missing.isEmpty, isSelfContained { complete[interpreter, default: []].formUnion(queue.map(\.node)) }
        return (missing, true)
    }

    /// `DT_RPATH` of the file and of those that loaded it; none of it counts where the file has a `DT_RUNPATH`.
    private func searchPath(of loaded: Loaded) -> SearchPath {
        guard loaded.dynamic.runpath.isEmpty else { return .none }
        guard !loaded.dynamic.rpath.isEmpty else { return loaded.inherited }
        return SearchPath(expand(loaded.dynamic.rpath, of: loaded.node), in: tree).followed(by: loaded.inherited, tree)
    }

    private mutating func find(
        _ name: String, for loaded: Loaded, _ own: [SearchPath], _ target: ELFTarget, _ interpreter: String
    ) -> Int? {
        if name.contains("/") { return expand([name], of: loaded.node).first.flatMap { match($0, target) } }
        for path in own {
            if let node = find(name, in: path, target) { return node }
        }
        let musl = LibraryPaths.isMusl(interpreter)
        if let known = found[musl]?[name] { return known ?? beside(interpreter, name, target) }
        let directories = standard[musl] ?? SearchPath(paths.directories(musl: musl, target: target), in: tree)
        standard[musl] = directories
        let node = find(name, in: directories, target)
        found[musl, default: [:]][name] = .some(node)
        return node ?? beside(interpreter, name, target)
    }

    /// A linker that is not musl's looks last where it lies itself.
    private func beside(_ interpreter: String, _ name: String, _ target: ELFTarget) -> Int? {
        guard !LibraryPaths.isMusl(interpreter) else { return nil }
        let own = interpreter.lastIndex(of: "/").map { String(interpreter[..<$0]) } ?? "/lib"
        return match("\(own)/\(name)", target)
    }

    /// The first library of that name in the directories of a search path.
    private mutating func find(_ name: String, in path: SearchPath, _ target: ELFTarget) -> Int? {
        guard !path.directories.isEmpty else { return nil }
        let bytes = Array(name.utf8)
        if path.directories.count <= LibraryNames.few {
            for directory in path.directories {
                if let node = match(bytes, in: directory, target) { return node }
            }
            return nil
        }
        // There are fewer files of that name than directories.
        for directory in names.directories(of: bytes, in: path) {
            if let node = match(bytes, in: directory, target) { return node }
        }
        return nil
    }

    /// A library for another machine is passed over, as dynamic linkers do.
    private func match(_ path: String, _ target: ELFTarget) -> Int? {
        match(Array(path.utf8), in: ImageTree.root, target)
    }

    private func match(_ path: [UInt8], in directory: Int, _ target: ELFTarget) -> Int? {
        guard let node = tree.resolve(path, in: directory), tree.nodes[node].kind == .file else { return nil }
        guard case .elf(let facts) = tree.facts(node) else { return nil }
        return facts.target == target ? node : nil
    }

    /// What is longer than any path can be leads nowhere.
    private func expand(_ paths: [String], of node: Int) -> [String] {
        let variables = paths.contains { $0.utf8.contains(UInt8(ascii: "$")) }
        guard variables else { return paths }
        let origin = tree.path(tree.nodes[node].parent)
        return paths.compactMap { Self.expand($0, origin: origin) }
    }

    private static let longest = 4096

    private static func expand(_ path: String, origin: String) -> String? {
        guard path.utf8.contains(UInt8(ascii: "$")) else { return path }
        let values = [("${ORIGIN}", origin), ("$ORIGIN", origin), ("${LIB}", "lib"), ("$LIB", "lib")]
        var expanded: [UInt8] = []
        var rest = Array(path.utf8)[...]
        while let first = rest.first {
            guard expanded.count <= longest else { return nil }
            if first == UInt8(ascii: "$"), let (name, value) = values.first(where: { rest.starts(with: $0.0.utf8) }) {
                expanded += value.utf8
                rest = rest.dropFirst(name.utf8.count)
            } else {
                expanded.append(first)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: expanded, as: UTF8.self)
    }
}
