import ELF

/// Finds the libraries that a program needs, as the image's own dynamic linker does, be it glibc's or musl's.
///
/// Source: <https://man7.org/linux/man-pages/man8/ld.so.8.html>, "DESCRIPTION"; `_dl_map_new_object` of glibc's `elf/dl-load.c`,
/// `load_library` of musl's `ldso/dynlink.c`
struct LinkResolver {
    /// A library that a program needs, but its linker does not find or does not take.
    struct Missing: Equatable {
        var name: String
        /// The file that needs it.
        var needer: Int
        /// Where the linker stopped at a file that it does not take: its path, and what it is.
        var stop: (path: String, what: String)?
        /// The library is there, but lacks versions.
        var versions: MissingVersions?

        static func == (left: Missing, right: Missing) -> Bool {
            left.name == right.name && left.needer == right.needer && left.stop?.path == right.stop?.path
                && left.versions == right.versions
        }
    }

    /// What a linker loads for one program, in its order.
    struct Loading {
        var libraries: [(name: String, path: String)] = []
        var missing: [Missing] = []
    }

    /// A file that was loaded.
    struct Loaded {
        var node: Int
        var dynamic: ELFDynamic
        /// The value of `$ORIGIN` for it.
        var origin: String
        /// The search path that it inherits from the files that loaded it: in glibc their `DT_RPATH`, in musl
        /// `DT_RUNPATH` too.
        var inherited: SearchPath
    }

    /// What was found out for one linker of the image.
    final class State {
        let loader: Loader
        let standard: SearchPath
        let environment: SearchPath
        /// Libraries whose own needs are all met, whoever loads them.
        var complete: Set<Int> = []
        /// Results of searching the linker's own directories, by name.
        var found: [String: Search] = [:]
        /// The search paths of files.
        var paths: [PathKey: SearchPath] = [:]

        init(_ loader: Loader, standard: SearchPath, environment: SearchPath) {
            self.loader = loader
            self.standard = standard
            self.environment = environment
        }
    }

    struct PathKey: Hashable {
        var text: String
        var origin: String
    }

    let tree: ImageTree
    private let configuration: LoaderConfiguration
    private let libraryPath: String
    private let preloaded: [String]
    let workingDirectory: Int
    let user: ImageUser?
    var names: LibraryNames
    private var states: [String: State] = [:]

    /// About how much longer it takes to find a library than to walk a component of a path.
    private static let stepsForLibrary = 16

    /// - Parameters:
    ///   - variable: returns a variable of the image's environment.
    ///   - workingDirectory: where programs are started, and relative paths begin.
    ///   - user: who must be allowed to read the libraries; nil if that does not matter.
    init(
        _ tree: ImageTree, _ configuration: LoaderConfiguration, workingDirectory: String?, user: ImageUser? = nil,
        variable: (String) -> String?
    ) {
        self.user = user
        self.tree = tree
        self.configuration = configuration
        libraryPath = variable("LD_LIBRARY_PATH") ?? ""
        preloaded = (variable("LD_PRELOAD") ?? "").split { $0.isWhitespace || $0 == ":" }.map(String.init)
        self.workingDirectory = workingDirectory.flatMap { tree.resolve($0) } ?? ImageTree.root
        names = LibraryNames(tree)
    }

    /// The libraries that a program, or one of its libraries, needs but does not get.
    ///
    /// - Throws: `ImageTree.OverLimit` if a file that configures the linker was too large to be kept. If the work budget
    ///   is spent, the result is not complete: check the budget afterwards.
    mutating func missing(
        of program: Int, _ facts: ELFFacts, interpreter: String
    ) throws(ImageTree.OverLimit) -> [Missing] {
        guard let dynamic = facts.dynamic else { return [] }
        // Most programs lack nothing, and use libraries that earlier programs used. So first skip the known ones.
        let (loading, isSure) = try load(program, dynamic, facts.target, interpreter, passesOver: true)
        if isSure { return loading.missing }
        return try load(program, dynamic, facts.target, interpreter, passesOver: false).loading.missing
    }

    /// The same, where the kernel tells the linker to trust nobody (`AT_SECURE`): `LD_LIBRARY_PATH` and `LD_PRELOAD`
    /// count for nothing, nor does `$ORIGIN` in the program's own search path, unless glibc's default directories have
    /// it.
    ///
    /// Source: `_dl_dst_substitute` of glibc's `elf/dl-load.c`, `fixup_rpath` of musl's `ldso/dynlink.c`
    mutating func missingWithoutTrust(
        of program: Int, _ facts: ELFFacts, interpreter: String
    ) throws(ImageTree.OverLimit) -> [Missing] {
        guard let dynamic = facts.dynamic else { return [] }
        return try load(program, dynamic, facts.target, interpreter, passesOver: false, isSecure: true).loading.missing
    }

    /// Everything that is loaded for a program.
    ///
    /// - Throws: as `missing`.
    mutating func loading(
        of program: Int, _ facts: ELFFacts, interpreter: String
    ) throws(ImageTree.OverLimit) -> Loading {
        guard let dynamic = facts.dynamic else { return Loading() }
        return try load(program, dynamic, facts.target, interpreter, passesOver: false).loading
    }

    /// The library of a name in a directory of `ld.so.conf`, and the file that names the directory: `ldconfig` would
    /// add it to the cache. Nil if there is none.
    mutating func unlisted(
        _ name: String, _ target: ELFTarget, interpreter: String
    ) throws(ImageTree.OverLimit) -> (path: String, file: String)? {
        let state = try state(of: interpreter, target)
        guard state.loader.kind == .glibc, !name.hasSlash else { return nil }
        for (directory, file) in configuration.configured {
            let path = "\(directory)/\(name)"
            if case .library = LibraryCandidate(path.utf8, in: ImageTree.root, tree, for: target, state.loader) {
                return (path, file)
            }
        }
        return nil
    }

    private mutating func state(of interpreter: String, _ target: ELFTarget) throws(ImageTree.OverLimit) -> State {
        // Results for one machine say nothing about another.
        let key = "\(interpreter)\0\(target)"
        if let known = states[key] { return known }
        let loader = try Loader(interpreter, target: target, tree, configuration)
        let state = State(
            loader,
            standard: SearchPath(
                loader.directories, in: tree, from: workingDirectory, subdirectories: loader.subdirectories,
                user: user),
            environment: .none)
        states[key] = state
        return state
    }

    /// The search path of `LD_LIBRARY_PATH`. Its tokens are replaced for the program.
    private func environment(_ state: State, origin: String) -> SearchPath {
        guard !libraryPath.isEmpty else { return .none }
        guard state.loader.kind == .glibc else {
            return path(libraryPath, origin: "", state, isSearchPathOfFile: false)
        }
        return path(libraryPath.replacing(";", with: ":"), origin: origin, state)
    }

    /// Loads a program and its libraries in the linker's order.
    ///
    /// - Parameter passesOver: skip the needs of libraries that are known to be complete. Then the names that these
    ///   would load are unknown, and a library that seems missing may be loaded.
    /// - Returns: what is loaded, and whether what is missing is certain.
    private mutating func load(
        _ program: Int, _ dynamic: ELFDynamic, _ target: ELFTarget, _ interpreter: String, passesOver: Bool,
        isSecure: Bool = false
    ) throws(ImageTree.OverLimit) -> (loading: Loading, isSure: Bool) {
        let state = try state(of: interpreter, target)
        let origin = tree.path(tree.nodes[program].parent)
        let untrusted = isSecure ? program : nil
        var run = LinkRun(
            state.loader, tree, program: program, dynamic, origin: origin, workingDirectory: workingDirectory)
        let isGlibc = state.loader.kind == .glibc
        let environment = isSecure ? .none : environment(state, origin: origin)
        let known = passesOver ? state.complete : []
        var loading = Loading()
        var missed: Set<String> = []
        var isSelfContained = true
        // Preloaded libraries satisfy needs of the program's libraries by name.
        let wanted = isSecure ? [] : preloaded
        let preloaded = isGlibc ? wanted + (try configuration.preloaded()) : wanted
        for name in preloaded {
            isSelfContained = false
            let needer = run.queue[0]
            let (chain, own) =
                isGlibc ? searchPaths(of: needer, state, untrusted) : (SearchPath.none, SearchPath.none)
            guard
                case .found(let node, let path) = find(
                    name, for: needer, [chain, environment, own], target, state, run)
            else { continue }
            if run.add(name, node, path, facts(node), inherited: chain) { loading.libraries.append((name, path)) }
        }
        var next = 0
        while next < run.queue.count, tree.work.spend(Self.stepsForLibrary * (1 + run.queue[next].dynamic.needed.count))
        {
            let needer = run.queue[next]
            next += 1
            let (chain, own) = searchPaths(of: needer, state, untrusted)
            let inherited = inheritance(of: needer, state, untrusted)
            // With search paths of files, the result depends on who needs the library.
            if !inherited.isEmpty || !own.isEmpty { isSelfContained = false }
            let needs =
                needer.dynamic.needed.map { ELFDynamic.Filtee($0, isOptional: false) }
                + (isGlibc ? needer.dynamic.filtees : [])
            for need in needs where !missed.contains(need.name) {
                let name = need.name
                if name.hasSlash || run.isKnownOtherwise(name) { isSelfContained = false }
                switch find(name, for: needer, [chain, environment, own], target, state, run) {
                case .loaded: run.request(name)
                case .missing where need.isOptional: continue
                case .missing(let stop):
                    if passesOver, !known.isEmpty { return (loading, false) }
                    missed.insert(name)
                    loading.missing.append(Missing(name: name, needer: needer.node, stop: stop))
                case .found(let node, let path):
                    if inherited.isEmpty, known.contains(node) {
                        run.note(name, node, path, facts(node))
                        continue
                    }
                    if run.add(name, node, path, facts(node), inherited: inherited) {
                        loading.libraries.append((name, path))
                    }
                }
            }
        }
        if isGlibc, loading.missing.isEmpty {
            loading.missing = missingVersions(run)
            // Who is passed over may get other libraries here than where its needs were met.
            if !known.isEmpty, !isSelfContained || !loading.missing.isEmpty { return (loading, false) }
        }
        if loading.missing.isEmpty, isSelfContained, !isSecure { state.complete.formUnion(run.queue.map(\.node)) }
        return (loading, true)
    }

    func facts(_ node: Int) -> ELFDynamic {
        guard case .elf(let facts) = tree.facts(node) else { return ELFDynamic() }
        return facts.dynamic ?? ELFDynamic()
    }

    /// The search paths for a file's needs: that of the file and its loaders, and its own `DT_RUNPATH`.
    ///
    /// - Parameter untrusted: the program whose `$ORIGIN` counts for nothing.
    private func searchPaths(
        of file: Loaded, _ state: State, _ untrusted: Int?
    ) -> (chain: SearchPath, own: SearchPath) {
        guard state.loader.kind == .glibc, let runpath = file.dynamic.runpath else {
            return (inheritance(of: file, state, untrusted), .none)
        }
        return (.none, path(trusted(runpath, of: file, state, untrusted), origin: file.origin, state))
    }

    /// The search path that a file passes on to those that it loads. In glibc it has no `DT_RUNPATH`, in musl it has.
    private func inheritance(of file: Loaded, _ state: State, _ untrusted: Int?) -> SearchPath {
        let isGlibc = state.loader.kind == .glibc
        let own = file.dynamic.runpath == nil ? file.dynamic.rpath : isGlibc ? nil : file.dynamic.runpath
        guard let own else { return file.inherited }
        return path(trusted(own, of: file, state, untrusted), origin: file.origin, state)
            .followed(by: file.inherited, tree)
    }

    /// What counts of a file's search path where the linker trusts nobody.
    private func trusted(_ text: String, of file: Loaded, _ state: State, _ untrusted: Int?) -> String {
        guard file.node == untrusted, text.utf8.contains(UInt8(ascii: "$")) else { return text }
        guard state.loader.kind == .glibc else { return "" }
        let parts = text.parts(":", keepsEmpty: true).filter { part in
            guard part.contains("$ORIGIN") || part.contains("${ORIGIN}") else { return true }
            guard part.hasPrefix("$ORIGIN") || part.hasPrefix("${ORIGIN}"),
                let place = state.loader.tokens.expand(part, origin: file.origin)
            else { return false }
            let directory = "/" + place.lexicalComponents.joined(separator: "/") + "/"
            return state.loader.directories.contains { directory.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
        }
        return parts.joined(separator: ":")
    }

    /// A directory as `fillin_rpath` of glibc leaves it: its text begins the paths of the libraries in it.
    private static func withoutLastSlashes(_ directory: String) -> String {
        guard let last = directory.lastIndex(where: { $0 != "/" }) else { return String(directory.prefix(1)) }
        return String(directory[...last])
    }

    /// - Parameter isSearchPathOfFile: whether it is a file's path, or `LD_LIBRARY_PATH`. musl replaces no tokens in
    ///   the variable.
    private func path(
        _ text: String, origin: String, _ state: State, isSearchPathOfFile: Bool = true
    ) -> SearchPath {
        let key = PathKey(text: text, origin: text.utf8.contains(UInt8(ascii: "$")) ? origin : "")
        if isSearchPathOfFile, let known = state.paths[key] { return known }
        tree.work.spend(text.utf8.count / 16)
        let directories: [String]
        switch state.loader.kind {
        case .glibc:
            directories =
                text.isEmpty
                ? []
                : text.parts(":", keepsEmpty: true)
                    .compactMap { state.loader.tokens.expand($0, origin: origin) }.map(Self.withoutLastSlashes)
        case .musl:
            let expanded = isSearchPathOfFile ? DynamicStringTokens.expandForMusl(text, origin: origin) : text
            directories = expanded.map(Loader.muslDirectories) ?? []
        }
        let path = SearchPath(
            directories, in: tree, from: workingDirectory, subdirectories: state.loader.subdirectories, user: user)
        if isSearchPathOfFile { state.paths[key] = path }
        return path
    }
}
