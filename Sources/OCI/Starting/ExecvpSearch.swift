import ELF

/// How a C library looks for the program that another one names.
///
/// Source: `posix/execvpe.c` of glibc, `src/process/execvp.c` of musl
struct ExecvpSearch {
    /// A C library; nil where a static program does not tell.
    enum Library {
        case glibc, musl
    }

    enum Outcome {
        case program(path: String, node: Int)
        case missing
        /// `EACCES`: the first that was found.
        case denied(path: String, node: Int)
    }

    let programs: ProgramSearch
    let library: Library?

    /// - Parameter facts: those of the program that looks.
    init(_ programs: ProgramSearch, for facts: ELFFacts) {
        self.programs = programs
        guard let interpreter = facts.interpreter else {
            library = nil
            return
        }
        library = interpreter.contains("ld-musl") ? .musl : .glibc
    }

    /// Whether a file that the kernel takes for no program is handed to `/bin/sh`.
    var usesShell: Bool { library != .musl }

    func find(_ name: String, _ path: EnvCommand.Path) -> Outcome {
        guard !name.hasSlash else {
            guard let node = programs.resolve(name) else { return .missing }
            return programs.mayStart(node, at: name)
                ? .program(path: name, node: node) : .denied(path: name, node: node)
        }
        var denied: Outcome?
        for directory in directories(path) {
            // An empty part is the working directory.
            let path = directory.isEmpty ? "./\(name)" : "\(directory)/\(name)"
            guard let node = programs.resolve(path) else { continue }
            if programs.mayStart(node, at: path) { return .program(path: path, node: node) }
            denied = denied ?? .denied(path: path, node: node)
        }
        return denied ?? .missing
    }

    private func directories(_ path: EnvCommand.Path) -> [String] {
        switch path {
        case .inherited: programs.pathWithEmptyParts
        case .set(let text): text.parts(":", keepsEmpty: true)
        case .unset: library == .glibc ? ["/bin", "/usr/bin"] : ["/usr/local/bin", "/bin", "/usr/bin"]
        }
    }
}
