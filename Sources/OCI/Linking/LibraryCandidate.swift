import ELF

/// What a dynamic linker does with a file that has the name of a library it looks for.
enum LibraryCandidate: Equatable {
    /// There is none.
    case absent
    /// It looks on, as if there were none: glibc's does that with libraries for another machine.
    case passedOver
    /// A link that leads round: glibc's leaves the search path in which it is, and goes on with the next.
    case loop
    /// It ends the program; the text says what the file is.
    case fatal(String)
    case library(Int)

    /// - Parameters:
    ///   - path: of the file, absolute or from a directory.
    init(
        _ path: some Collection<UInt8>, in directory: Int, _ tree: ImageTree, for target: ELFTarget, _ loader: Loader
    ) {
        guard let node = tree.resolve(path, in: directory) else {
            let isLoop = tree.isLoop(path, in: directory)
            self = !isLoop ? .absent : loader.kind == .glibc ? .loop : .fatal("a link that leads round")
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
            // glibc looks at the class, then at the byte order, then at the machine.
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
