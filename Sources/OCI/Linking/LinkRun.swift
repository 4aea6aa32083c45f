import ELF

/// What a linker has loaded for one program, and under which names.
struct LinkRun {
    /// The loaded files in order, the program first.
    private(set) var queue: [LinkResolver.Loaded]
    private let loader: Loader
    private let tree: ImageTree
    private let workingDirectory: Int
    /// The loaded files by their names. Of several with one name the first counts.
    private var names: [String: Int] = [:]
    /// The names that some file asked for.
    private var requested: Set<String> = []
    /// Where each library was found first. `hasName` is false in musl while no search has found the library.
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
        // glibc's list of loaded files has the linker and the program too.
        if let soname = dynamic.soname { name(soname, program) }
        guard let node = loader.node else { return }
        name(loader.interpreter, node)
        if case .elf(let facts) = tree.facts(node), let soname = facts.dynamic?.soname { name(soname, node) }
    }

    private mutating func name(_ name: String, _ node: Int) { names[name] = names[name] ?? node }

    /// The file that a name stands for; nil if none is loaded.
    func file(_ name: String) -> Int? { names[name] }

    /// Whether a name stands for a loaded file.
    func isLoaded(_ name: String) -> Bool { names[name] != nil || loader.isOwnPart(name) }

    /// Whether a name is known although no file has asked for it: that depends on what else is loaded.
    func isKnownOtherwise(_ name: String) -> Bool { names[name] != nil && !requested.contains(name) }

    mutating func request(_ name: String) { requested.insert(name) }

    /// Adds a library that was found.
    ///
    /// - Returns: whether it is loaded only now.
    mutating func add(
        _ name: String, _ node: Int, _ path: String, _ dynamic: ELFDynamic, inherited: SearchPath
    ) -> Bool {
        guard note(name, node, path, dynamic) else { return false }
        queue.append(LinkResolver.Loaded(node: node, dynamic: dynamic, origin: origin(path), inherited: inherited))
        return true
    }

    /// The value of `$ORIGIN` in a library. musl keeps a relative path, glibc makes it absolute (`_dl_new_object`).
    private func origin(_ path: String) -> String {
        var path = path
        if loader.kind == .glibc, !path.isAbsolutePath {
            let directory = tree.path(workingDirectory)
            path = directory == "/" ? "/\(path)" : "\(directory)/\(path)"
        }
        return path.utf8.lastIndex(of: UInt8(ascii: "/")).map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
            ?? "."
    }

    /// Notes the names of a library.
    ///
    /// - Returns: whether it was not loaded before.
    @discardableResult
    mutating func note(_ name: String, _ node: Int, _ path: String, _ dynamic: ELFDynamic) -> Bool {
        requested.insert(name)
        switch loader.kind {
        case .glibc:
            self.name(name, node)
            guard paths[node] == nil else { return false }
            self.name(path, node)
            if let soname = dynamic.soname { self.name(soname, node) }
            paths[node] = (path, true)
            return true
        case .musl:
            // A need for the linker's own file is met by the running linker.
            if node == loader.node { return false }
            let isSearched = !name.hasSlash
            let known = paths[node]
            // A library that was loaded by its path gets a name only when a search finds it: the last component of its
            // first path.
            if isSearched, known?.hasName != true {
                let first = known?.path ?? path
                self.name(first.parts("/", keepsEmpty: true).last ?? first, node)
            }
            paths[node] = (known?.path ?? path, isSearched || known?.hasName == true)
            return known == nil
        }
    }
}
