import ELF

/// How a C library looks for the program that another one names.
///
/// Source: `posix/execvpe.c` of glibc, `src/process/execvp.c` of musl, `libc/unistd/exec.c` of uClibc
struct ExecvpSearch {
    /// A C library; nil where a static program does not tell.
    enum Library: CaseIterable, Sendable {
        case glibc, musl, uClibc

        /// Where it looks without `PATH`.
        var usualPath: String {
            switch self {
            case .glibc: "/bin:/usr/bin"
            case .musl: "/usr/local/bin:/bin:/usr/bin"
            case .uClibc: ":/bin:/usr/bin"
            }
        }

        /// A text that each program has which was linked with it. Another may have the paths of glibc and uClibc as the
        /// end of a longer one.
        private var sign: String {
            switch self {
            case .glibc: "GLIBC_TUNABLES"
            case .musl, .uClibc: usualPath
            }
        }

        /// The library in a static program; nil if it shows none, or several.
        init?(_ program: [UInt8]) {
            let found = Self.allCases.filter { LoaderFacts.has(text: $0.sign, program) }
            guard let only = found.first, found.count == 1 else { return nil }
            self = only
        }
    }

    /// Whether a file of that name may be an `env`, or be called by that name too.
    static func mayBeEnv(_ name: some Collection<UInt8>) -> Bool {
        ["env", "coreutils"].contains { name.elementsEqual($0.utf8) }
            || ["busybox", "toybox"].contains { name.starts(with: $0.utf8) }
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
            library = facts.searchLibrary
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
        // Where it is not known which one, each counts.
        case .unset: (library ?? .musl).usualPath.parts(":", keepsEmpty: true)
        }
    }
}
