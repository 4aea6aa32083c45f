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
        var inherited: [String]
    }

    private let tree: ImageTree
    private let paths: LibraryPaths
    private let environment: [String]
    /// Libraries found in a linker's own directories, by linker and name.
    private var found: [String: Int?] = [:]

    /// - Parameter environment: `LD_LIBRARY_PATH` of the image, split.
    init(_ tree: ImageTree, paths: LibraryPaths, environment: [String]) {
        self.tree = tree
        self.paths = paths
        self.environment = environment
    }

    /// The libraries that a program, or one of its libraries, needs in vain.
    mutating func missing(of program: Int, _ facts: ELFFacts, interpreter: String) -> [Missing] {
        guard let dynamic = facts.dynamic else { return [] }
        let musl = interpreter.contains("/ld-musl-")
        var missing: [Missing] = []
        var names = Set<String>()
        var nodes: Set<Int> = [program]
        var queue = [Loaded(node: program, dynamic: dynamic, inherited: [])]
        var next = 0
        while next < queue.count {
            let loaded = queue[next]
            next += 1
            let chain = searchPath(of: loaded)
            for name in loaded.dynamic.needed where names.insert(name).inserted {
                if musl, LibraryPaths.isPartOfMusl(name) { continue }
                guard let node = find(name, for: loaded, chain, facts.target, interpreter) else {
                    missing.append(Missing(name: name, needer: loaded.node))
                    continue
                }
                guard nodes.insert(node).inserted, case .elf(let library) = tree.facts(node),
                    let dynamic = library.dynamic
                else { continue }
                if let soname = dynamic.soname { names.insert(soname) }
                let rpath = loaded.dynamic.runpath.isEmpty ? chain : []
                queue.append(Loaded(node: node, dynamic: dynamic, inherited: rpath))
            }
        }
        return missing
    }

    /// `DT_RPATH` of the file and of those that loaded it; none of it counts where the file has a `DT_RUNPATH`.
    private func searchPath(of loaded: Loaded) -> [String] {
        guard loaded.dynamic.runpath.isEmpty else { return [] }
        return expand(loaded.dynamic.rpath, of: loaded.node) + loaded.inherited
    }

    private mutating func find(
        _ name: String, for loaded: Loaded, _ chain: [String], _ target: ELFTarget, _ interpreter: String
    ) -> Int? {
        if name.contains("/") { return match(expand([name], of: loaded.node)[0], target) }
        let own = expand(loaded.dynamic.runpath, of: loaded.node)
        for directory in chain + environment + own {
            if let node = match("\(directory)/\(name)", target) { return node }
        }
        let key = "\(interpreter)\n\(name)"
        if let known = found[key] { return known }
        var node: Int?
        for directory in paths.directories(interpreter: interpreter, target: target) where node == nil {
            node = match("\(directory)/\(name)", target)
        }
        found[key] = .some(node)
        return node
    }

    /// A library for another machine is passed over, as dynamic linkers do.
    private func match(_ path: String, _ target: ELFTarget) -> Int? {
        guard let node = tree.resolve(path), tree.nodes[node].kind == .file else { return nil }
        guard case .elf(let facts) = tree.facts(node) else { return nil }
        return facts.target == target ? node : nil
    }

    private func expand(_ paths: [String], of node: Int) -> [String] {
        paths.map { path in
            guard path.contains("$") else { return path }
            let origin = tree.path(tree.nodes[node].parent)
            var expanded = path
            for variable in ["${ORIGIN}", "$ORIGIN"] { expanded = expanded.replacing(variable, with: origin) }
            for variable in ["${LIB}", "$LIB"] { expanded = expanded.replacing(variable, with: "lib") }
            return expanded
        }
    }
}

extension String {
    fileprivate func replacing(_ part: String, with other: String) -> String {
        var result = ""
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(part) {
                result += other
                rest = rest.dropFirst(part.count)
            } else if let first = rest.popFirst() {
                result.append(first)
            }
        }
        return result
    }
}
