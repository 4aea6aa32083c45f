/// Finds programs in an image as a container runtime does: by path, or by name in the image's `PATH`.
struct ProgramSearch {
    /// The `PATH` that runtimes use if an image sets none.
    static let usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    let tree: ImageTree
    let config: ImageConfig?
    /// Whoever runs the image; nil for one who may do anything, and where it is unknown.
    let user: ImageUser?

    init(_ tree: ImageTree, config: ImageConfig?, user: ImageUser? = nil) {
        self.tree = tree
        self.config = config
        self.user = user
    }

    /// The file of a program's name; nil if there is none.
    func node(_ name: String) -> Int? {
        place(name)?.node
    }

    /// The file, and the path for executing it. The path keeps symbolic links: programs look at their own names.
    func place(_ name: String) -> (path: String, node: Int)? {
        if name.hasSlash {
            guard !name.endsInSlash, let node = resolve(name), tree.nodes[node].kind == .file else { return nil }
            return (name.isAbsolutePath ? name : "\(config?.config?.workingDirectory ?? "/")/\(name)", node)
        }
        var closed: (path: String, node: Int)?
        for directory in path {
            let path = "\(directory)/\(name)"
            guard let node = resolve(path), tree.isExecutable(node) else { continue }
            guard closedDirectory(on: path) == nil else {
                closed = closed ?? (path, node)
                continue
            }
            return (path, node)
        }
        return closed
    }

    /// The node at a path, whatever its kind. A relative path begins in the working directory, which runtimes make,
    /// empty, if the image does not have it.
    func resolve(_ path: String) -> Int? {
        let path = withoutOwnRoot(path)
        guard !path.isEmpty, let directory = directory(of: path) else { return nil }
        guard let node = tree.resolve(path, in: directory), mount(overNode: node) == nil else { return nil }
        return node
    }

    func directory(of path: String) -> Int? {
        path.isAbsolutePath ? ImageTree.root : tree.resolve(config?.config?.workingDirectory ?? "/")
    }

    /// Why runtimes cannot start a program in a directory, which they make unless the image has it; nil if they can.
    func obstacle(toDirectory name: String) -> String? {
        guard name.isAbsolutePath else { return "a relative one: runtimes refuse it" }
        var path = ""
        if name.utf8.contains(0) { return "one with a NUL in it" }
        if let found = Self.obstacle(inMount: name) { return found }
        for component in name.pathComponents {
            guard component.utf8.count <= ImageTree.longestName else {
                return "a name in it of more than \(ImageTree.longestName) bytes"
            }
            path += "/\(component)"
            guard let node = tree.resolve(path) else {
                return tree.brokenLink(path).map { "the link \(path) to \($0.target), which leads nowhere" }
            }
            guard tree.nodes[node].kind == .directory else { return "\(path), which is no directory" }
        }
        return nil
    }

    /// The link that has a program's name and leads nowhere, with its target; nil if there is none.
    func brokenLink(_ name: String) -> (node: Int, target: String)? {
        let paths = name.hasSlash ? [name] : path.map { "\($0)/\(name)" }
        return paths.lazy.compactMap { path in
            self.directory(of: path).flatMap { self.tree.brokenLink(path, in: $0) }
        }.first
    }

    /// A file of that name in `PATH` that nobody may execute. Runtimes skip it.
    func unexecutable(_ name: String) -> Int? {
        path.lazy.compactMap { tree.resolve("\($0)/\(name)") }.first { tree.nodes[$0].kind == .file }
    }

    /// The first file of that name in `PATH`, if it is in a relative directory. Go's programs, and so runtimes, refuse such a
    /// one.
    func relative(_ name: String) -> (path: String, node: Int)? {
        guard !name.hasSlash, let found = place(name), !found.path.isAbsolutePath else { return nil }
        return found
    }

    /// The directories of the image's `PATH`.
    var path: [String] { (config?.config?.variable("PATH") ?? Self.usualPath).parts(":") }

    /// The same, with the empty ones, which stand for the working directory.
    var pathWithEmptyParts: [String] {
        (config?.config?.variable("PATH") ?? Self.usualPath).parts(":", keepsEmpty: true)
    }

    /// The files that the kernel passes through to execute one: a script, its interpreter, that one's interpreter.
    func chain(from node: Int) -> [Int] {
        var chain = [node]
        while chain.count <= ProgramStart.mostScripts, let last = chain.last,
            case .script(let facts) = tree.facts(last),
            let next = resolve(facts.interpreter), tree.nodes[next].kind == .file
        {
            chain.append(next)
        }
        return chain
    }
}
