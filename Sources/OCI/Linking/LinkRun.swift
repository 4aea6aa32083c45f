import ELF

/// What a linker has loaded for one program, and under which names it knows that.
struct LinkRun {
    /// In the order of loading, the program first.
    private(set) var queue: [LinkResolver.Loaded]
    private let loader: Loader
    private let tree: ImageTree
    private let workingDirectory: Int
    /// Names under which something is loaded.
    private var names: Set<String> = []
    /// Those of them that some file asked for.
    private var requested: Set<String> = []
    /// Where a library was found first, by its file; of musl nil where it is known by no name yet.
    private var paths: [Int: (path: String, hasName: Bool)] = [:]

    /// - Parameter workingDirectory: where the program is started.
    init(
        _ loader: Loader, _ tree: ImageTree, program: Int, _ dynamic: ELFDynamic, origin: String, workingDirectory: Int
    ) {
        self.loader = loader
        self.tree = tree
        self.workingDirectory = workingDirectory
        queue = [LinkResolver.Loaded(node: program, dynamic: dynamic, origin: origin, inherited: .none)]
        guard loader.kind == .glibc else { return }
        // The linker is on the list of what is loaded, and so is the program.
        names.insert(loader.interpreter)
        if let soname = dynamic.soname { names.insert(soname) }
        if let node = loader.node, case .elf(let facts) = tree.facts(node), let soname = facts.dynamic?.soname {
            names.insert(soname)
        }
    }

    /// Whether a name stands for something that is loaded.
    func isLoaded(_ name: String) -> Bool { names.contains(name) || loader.isOwnPart(name) }

    /// A name that nobody has asked for yet is known all the same: it depends on what else is loaded.
    func isKnownOtherwise(_ name: String) -> Bool { names.contains(name) && !requested.contains(name) }

    mutating func request(_ name: String) { requested.insert(name) }

    /// A library has been found.
    ///
    /// - Returns: whether it is loaded now, and not for long.
    mutating func add(
        _ name: String, _ node: Int, _ path: String, _ dynamic: ELFDynamic, inherited: SearchPath
    ) -> Bool {
        guard note(name, node, path, dynamic) else { return false }
        queue.append(LinkResolver.Loaded(node: node, dynamic: dynamic, origin: origin(path), inherited: inherited))
        return true
    }

    /// What `$ORIGIN` stands for in a library. musl leaves a relative path as it is, glibc makes it absolute (`_dl_new_object`).
    private func origin(_ path: String) -> String {
        var path = path
        if loader.kind == .glibc, !path.hasPrefix("/") {
            let directory = tree.path(workingDirectory)
            path = directory == "/" ? "/\(path)" : "\(directory)/\(path)"
        }
        return path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// The names under which a library is known from now on.
    ///
    /// - Returns: whether it has not been loaded before.
    @discardableResult
    mutating func note(_ name: String, _ node: Int, _ path: String, _ dynamic: ELFDynamic) -> Bool {
        requested.insert(name)
        switch loader.kind {
        case .glibc:
            names.insert(name)
            guard paths[node] == nil else { return false }
            names.insert(path)
            if let soname = dynamic.soname { names.insert(soname) }
            paths[node] = (path, true)
            return true
        case .musl:
            // Whoever names the linker's own file gets what is running already.
            if node == loader.node { return false }
            let isSearched = !name.contains("/")
            let known = paths[node]
            // What was loaded by its path has no name until a search finds it, and then that of its path.
            if isSearched, known?.hasName != true {
                let first = known?.path ?? path
                names.insert(
                    String(first[(first.lastIndex(of: "/").map { first.index(after: $0) } ?? first.startIndex)...]))
            }
            paths[node] = (known?.path ?? path, isSearched || known?.hasName == true)
            return known == nil
        }
    }
}
