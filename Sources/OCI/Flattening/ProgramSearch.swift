/// Finds programs in an image as a container runtime does: by path, or by name in the image's `PATH`.
struct ProgramSearch {
    /// What runtimes use where an image sets no `PATH`.
    static let usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    private static let mostInterpreters = 5

    private let tree: ImageTree
    private let config: ImageConfig?

    init(_ tree: ImageTree, config: ImageConfig?) {
        self.tree = tree
        self.config = config
    }

    /// The file that a program's name leads to.
    func node(_ name: String) -> Int? {
        place(name)?.node
    }

    /// The file, and the path by which it is executed, in which symbolic links stay: programs look at their own names.
    func place(_ name: String) -> (path: String, node: Int)? {
        if name.contains("/") {
            let directory = config?.config?.workingDirectory ?? "/"
            let start = tree.resolve(directory) ?? ImageTree.root
            guard let node = tree.resolve(name, in: start), tree.nodes[node].kind == .file else { return nil }
            return (name.hasPrefix("/") ? name : "\(directory)/\(name)", node)
        }
        for directory in (config?.config?.variable("PATH") ?? Self.usualPath).split(separator: ":") {
            guard let node = tree.resolve("\(directory)/\(name)"), tree.isExecutable(node) else { continue }
            return ("\(directory)/\(name)", node)
        }
        return nil
    }

    /// The files that the kernel goes through when it executes one: a script, its interpreter, and that one's own.
    func chain(from node: Int) -> [Int] {
        var chain = [node]
        while chain.count < Self.mostInterpreters, let last = chain.last, case .script(let facts) = tree.facts(last),
            let next = tree.resolve(facts.interpreter), tree.nodes[next].kind == .file
        {
            chain.append(next)
        }
        return chain
    }
}
