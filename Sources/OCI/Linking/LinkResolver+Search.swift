import ELF

extension LinkResolver {
    /// The result of looking up one name.
    enum Outcome {
        case loaded
        case found(node: Int, path: String)
        case missing(stop: (path: String, what: String)?)
    }

    /// The result of looking in one or several places.
    struct Search {
        var candidate = LibraryCandidate.absent
        var path = ""

        /// Whether the linker looks no further.
        var isEnd: Bool {
            switch candidate {
            case .library, .fatal: true
            case .absent, .passedOver, .loop: false
            }
        }
    }

    /// Looks up a name for a file that needs it, in the linker's order.
    ///
    /// - Parameter own: three search paths: that of the files that loaded it, the environment's, and its own
    ///   `DT_RUNPATH`.
    mutating func find(
        _ name: String, for needer: Loaded, _ own: [SearchPath], _ target: ELFTarget, _ state: State, _ run: LinkRun
    ) -> Outcome {
        let loader = state.loader
        if run.isLoaded(name) { return .loaded }
        if name.hasSlash {
            let path = loader.kind == .glibc ? loader.tokens.expand(name, origin: needer.origin) : name
            guard let path, !path.isEmpty else { return .missing(stop: nil) }
            return outcome(Search(candidate: candidate(path, target, loader), path: path))
        }
        guard loader.kind == .glibc || (1...255).contains(name.utf8.count) else { return .missing(stop: nil) }
        // glibc's order is loaders, environment, `DT_RUNPATH`; musl's is environment, loaders.
        for path in loader.kind == .glibc ? own : [own[1], own[0]] {
            let search = find(name, in: path, target, loader)
            if search.isEnd { return outcome(search) }
        }
        let usesDefaults = loader.kind == .musl || !needer.dynamic.flags.contains(.noDefaultLibraries)
        if usesDefaults, let known = state.found[name] { return outcome(known) }
        var search = cached(name, target, loader, usesDefaults: usesDefaults)
        if !search.isEnd, usesDefaults { search = find(name, in: state.standard, target, loader) }
        if usesDefaults { state.found[name] = search }
        return outcome(search)
    }

    private func outcome(_ search: Search) -> Outcome {
        switch search.candidate {
        case .library(let node): .found(node: node, path: search.path)
        case .fatal(let what): .missing(stop: (search.path, what))
        case .absent, .passedOver, .loop: .missing(stop: nil)
        }
    }

    /// Looks up a name in `ld.so.cache`.
    private func cached(_ name: String, _ target: ELFTarget, _ loader: Loader, usesDefaults: Bool) -> Search {
        guard let path = loader.cache?.path(of: name, flags: loader.flags, takesThreadLocal: loader.isLegacy) else {
            return Search()
        }
        let isDefault = loader.directories.contains { path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
        guard usesDefaults || !isDefault else { return Search() }
        return Search(candidate: candidate(path, target, loader), path: path)
    }

    /// The first library of a name in the directories of a search path.
    private mutating func find(
        _ name: String, in path: SearchPath, _ target: ELFTarget, _ loader: Loader
    ) -> Search {
        guard !path.isEmpty else { return Search() }
        let bytes = Array(name.utf8)
        for place in names.places(of: bytes, in: path) {
            // Longer than musl's buffer: musl looks on.
            if loader.kind == .musl, place.text.utf8.count + 1 + bytes.count >= Loader.longestMuslPath { continue }
            let candidate = LibraryCandidate(bytes, in: place.node, tree, for: target, loader, user: user)
            if candidate == .loop { break }
            let directory = place.text.isEmpty || place.text == "/" ? place.text : "\(place.text)/"
            let search = Search(candidate: candidate, path: directory + name)
            if search.isEnd { return search }
        }
        return Search()
    }

    private func candidate(_ path: String, _ target: ELFTarget, _ loader: Loader) -> LibraryCandidate {
        LibraryCandidate(path.utf8, in: workingDirectory, tree, for: target, loader, user: user)
    }
}
