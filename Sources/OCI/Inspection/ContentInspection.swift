import Archive
import ELF
import Evidence

/// Checks what an image holds once its layers are applied: every binary is for its platform, and what it needs in order
/// to start is there.
struct ContentInspection {
    private let tree: ImageTree
    private let target: ELFTarget
    /// The digests of the layers.
    private let digests: [String?]
    private let config: ImageConfig?
    private let programs: ProgramSearch
    private var resolver: LinkResolver
    private(set) var nativeBinaries = 0
    private(set) var faults: ArtifactFaults = []
    /// How many faults the policy allows.
    private(set) var allowed = 0
    private let policy: PolicyMatcher
    private let isComplete: Bool

    /// - Parameters:
    ///   - files: the linkers' configuration files in the image.
    ///   - isComplete: every layer was there and could be read. Else what is not found may be in one that was not.
    init(
        _ tree: ImageTree, target: ELFTarget, digests: [String?], config: ImageConfig?, files: [String: [UInt8]],
        isComplete: Bool, policy: PolicyMatcher
    ) {
        self.tree = tree
        self.target = target
        self.digests = digests
        self.config = config
        self.policy = policy
        self.isComplete = isComplete
        programs = ProgramSearch(tree, config: config)
        let libraryPath = config?.config?.variable("LD_LIBRARY_PATH") ?? ""
        resolver = LinkResolver(
            tree, paths: LibraryPaths(files), environment: libraryPath.split(separator: ":").map(String.init))
    }

    /// - Parameter mostPathBytes: names are short in an archive that puts many links below one deep directory.
    mutating func run(mostPathBytes: Int) throws(ImageTree.OverLimit) {
        var pathBytes = 0
        // Depth first, in the order of the paths' bytes. Paths are put together only where there is something to say.
        var pending: [(node: Int, length: Int)] = [(ImageTree.root, 0)]
        while let (node, length) = pending.popLast() {
            if tree.nodes[node].kind == .directory {
                pending += sorted(tree.children(of: node)).map { ($0, length + 1 + tree.name($0).count) }
            } else if tree.nodes[node].kind == .file, let facts = tree.facts(node) {
                pathBytes += length
                guard pathBytes <= mostPathBytes else {
                    throw ImageTree.OverLimit(
                        expected: "paths of programs of at most \(mostPathBytes) bytes together (--limit names=N)")
                }
                check(facts, of: node)
                try tree.work.check()
            }
        }
        checkEntrypoint()
        try tree.work.check()
    }

    /// The last in the order of their paths first: a directory's name goes on with a slash.
    private func sorted(_ children: [Int]) -> [Int] {
        guard children.count > 1 else { return children }
        let named = children.map { child in
            (child, tree.name(child) + (tree.nodes[child].kind == .directory ? [UInt8(ascii: "/")] : []))
        }
        return named.sorted { $1.1.lexicographicallyPrecedes($0.1) }.map(\.0)
    }

    private mutating func check(_ facts: FileFacts, of node: Int) {
        switch facts {
        case .elf(let facts): check(facts, of: node)
        case .library(let members): check(members, of: node)
        case .script(let facts): check(facts, of: node)
        case .brokenELF(let error):
            add(.foreignBinary, node, expected: "\(target)", found: "a broken ELF file: \(error)")
        }
    }

    private mutating func check(_ facts: ELFFacts, of node: Int) {
        guard !facts.target.machine.isDeviceCode else { return }
        guard facts.target == target else {
            return add(.foreignBinary, node, expected: "\(target)", found: "\(facts.target)")
        }
        nativeBinaries += 1
        guard let interpreter = facts.interpreter else { return }
        guard let loader = tree.resolve(interpreter), tree.nodes[loader].kind == .file else {
            return add(
                .loaderMissing, node, expected: "its program interpreter \(interpreter)", found: "no such file")
        }
        // A loader for another machine is a fault of its own, named at its own path.
        for missing in resolver.missing(of: node, facts, interpreter: interpreter) {
            let needer = missing.needer == node ? "" : ", needed by \(tree.path(missing.needer))"
            add(
                .loaderMissing, node, expected: "the library \(missing.name)\(needer)",
                found: "none of that name for \(target.machine)")
        }
    }

    private mutating func check(_ members: [LibraryMember], of node: Int) {
        for member in members where member.target != target && !member.target.machine.isDeviceCode {
            return add(
                .foreignBinary, node, expected: "\(target)", found: "\(member.target) in \(member.name)")
        }
    }

    /// Scripts count where programs are looked for. Elsewhere, as examples and test data, many are never run.
    private mutating func check(_ facts: ScriptFacts, of node: Int) {
        let directory = tree.name(tree.nodes[node].parent)
        guard tree.isExecutable(node), directory.elementsEqual("bin".utf8) || directory.elementsEqual("sbin".utf8)
        else {
            return
        }
        guard let missing = missingInterpreter(of: facts) else { return }
        add(.loaderMissing, node, expected: "its interpreter \(missing)", found: "no such file")
    }

    /// The interpreter that a script names, directly or through `env`, where the image does not have it.
    private func missingInterpreter(of facts: ScriptFacts) -> String? {
        guard let interpreter = tree.resolve(facts.interpreter), tree.nodes[interpreter].kind == .file else {
            return facts.interpreter
        }
        guard facts.interpreter.hasSuffix("/env"), let argument = facts.argument else { return nil }
        let words = argument.split(separator: " ").drop { $0.hasPrefix("-") || $0.contains("=") }
        guard let name = words.first.map(String.init) else { return nil }
        return programs.node(name) == nil ? name : nil
    }

    /// The first word of entrypoint and command must be a program.
    private mutating func checkEntrypoint() {
        let execution = config?.config
        guard let name = ((execution?.entrypoint ?? []) + (execution?.command ?? [])).first, !name.isEmpty else {
            return
        }
        guard let node = programs.node(name) else {
            return add(.entrypointMissing, nil, called: name, expected: "a program in the image", found: "no such file")
        }
        guard tree.isExecutable(node) else {
            return add(
                .entrypointMissing, node, expected: "an executable file", found: "one without execute bits")
        }
        switch tree.facts(node) {
        case .elf(let facts) where facts.type == .executable || facts.type == .shared:
            // One for another machine has been named with the other binaries.
            return
        case .script(let facts):
            guard let missing = missingInterpreter(of: facts) else { return }
            add(.entrypointMissing, node, expected: "its interpreter \(missing)", found: "no such file")
        default:
            add(
                .entrypointMissing, node, expected: "a program for \(target.machine)",
                found: "another kind of file")
        }
    }

    private mutating func add(
        _ kind: ArtifactFault.Kind, _ node: Int?, called name: String = "", expected: String, found: String
    ) {
        guard isComplete || kind == .foreignBinary else { return }
        let path = node.map { tree.path($0) } ?? name
        let layer = node.flatMap { tree.nodes[$0].origin }.flatMap { digests[$0.layer] }
        let fault = ArtifactFault(kind: kind, path: path, layer: layer, expected: expected, found: found)
        if policy.allows(fault) { allowed += 1 } else { faults.append(fault) }
    }
}
