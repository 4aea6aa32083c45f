public import ELF

/// A program in an image, and what executing it comes down to.
public struct ImageProgram: Sendable, Equatable {
    /// The path to execute.
    public var path: String
    /// The machine whose instructions run in the end; nil where the file is neither an ELF file nor a script whose
    /// interpreter is one.
    public var target: ELFTarget?
    /// The type of the ELF file that runs in the end.
    public var type: ELFType?
    public var isExecutable: Bool
    /// The files that can be seen running, without a leading slash: the program and, for a script, its interpreters.
    public var files: [String]
}

extension ImageEvidence {
    /// Finds a program as a container runtime would.
    ///
    /// - Parameter name: a path, also relative to the working directory, or a name to be looked for in `PATH`.
    /// - Returns: nil where there is none, or where the inspector kept no tree.
    public func program(_ name: String) -> ImageProgram? {
        guard let tree else { return nil }
        let search = ProgramSearch(tree, config: config)
        guard let place = search.place(name) else { return nil }
        let chain = search.chain(from: place.node)
        var program = ImageProgram(
            path: place.path, isExecutable: tree.isExecutable(place.node),
            files: chain.map { String(tree.path($0).dropFirst()) })
        if let last = chain.last, case .elf(let facts) = tree.facts(last) {
            program.target = facts.target
            program.type = facts.type
        }
        return program
    }
}
