import ELF

/// How a dynamic linker treats a file with the name of a library that it looks for.
enum LibraryCandidate: Equatable {
    /// There is no such file.
    case absent
    /// The linker looks on as if there were none. glibc does so with libraries for another machine.
    case passedOver
    /// A loop of links. glibc leaves the search path that has it, and goes on with the next.
    case loop
    /// The linker ends the program. The text says what the file is.
    case fatal(String)
    /// The linker loads this node.
    case library(Int)

    /// - Parameters:
    ///   - path: the file's path, absolute or relative to `directory`.
    ///   - directory: where a relative path begins.
    ///   - user: who must be allowed to read the library; nil if that does not matter.
    init(
        _ path: some Collection<UInt8>, in directory: Int, _ tree: ImageTree, for target: ELFTarget, _ loader: Loader,
        user: ImageUser? = nil
    ) {
        guard let node = tree.resolve(path, in: directory) else {
            let isLoop = tree.isLoop(path, in: directory)
            self = !isLoop ? .absent : loader.kind == .glibc ? .loop : .fatal("a link that leads round")
            return
        }
        // Linkers look on after EACCES.
        if let user, tree.closedDirectory(on: path, in: directory, to: user) != nil || !tree.mayRead(node, user) {
            self = .absent
            return
        }
        guard tree.nodes[node].kind == .file else {
            self = .fatal(tree.nodes[node].kind == .directory ? "a directory" : "no regular file")
            return
        }
        switch tree.facts(node) {
        case .elf(let facts): self = Self.judge(facts, node, target, loader)
        case .brokenELF(let error): self = .fatal("a broken ELF file: \(error)")
        default: self = .fatal("no ELF file")
        }
    }

    private static func judge(
        _ facts: ELFFacts, _ node: Int, _ target: ELFTarget, _ loader: Loader
    ) -> LibraryCandidate {
        let isGlibc = loader.kind == .glibc
        if facts.target != target {
            // glibc looks on after another class or another machine, but ends the program at another byte order.
            let passesOver =
                isGlibc && (facts.target.elfClass != target.elfClass || facts.target.byteOrder == target.byteOrder)
            return passesOver ? .passedOver : .fatal("a library for \(facts.target)")
        }
        guard facts.type == .shared || (!isGlibc && facts.type == .executable) else {
            return .fatal("no shared object")
        }
        if case .cutShort(let needed, let size) = facts.defect {
            return .fatal("cut short: \(size) bytes, and segments that take \(needed)")
        }
        if isGlibc, facts.defect == .nothingLoaded { return .fatal("a file of which nothing is loaded") }
        guard let dynamic = facts.dynamic else { return .fatal("a file whose dynamic section is not there") }
        if isGlibc, dynamic.flags.contains(.program) { return .fatal("a program (DF_1_PIE), not a library") }
        return .library(node)
    }
}
