public import ELF

/// A program in an image, and what runs when it is executed.
public struct ImageProgram: Sendable, Equatable {
    /// The path to execute.
    public var path: String
    /// The machine whose instructions run in the end; nil unless the file is an ELF file, or a script whose interpreter
    /// is one.
    public var target: ELFTarget?
    /// The type of the ELF file that runs in the end.
    public var type: ELFType?
    /// Whether somebody may execute the file.
    public var isExecutable: Bool
    /// The files that can be seen running, without a leading slash: the program, and a script's interpreters.
    public var files: [String]
}

extension ImageEvidence {
    /// Finds a program as a container runtime does.
    ///
    /// - Parameter name: a path, perhaps relative to the working directory, or a name to look for in `PATH`.
    /// - Returns: nil if there is none, or if the inspector kept no tree.
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
