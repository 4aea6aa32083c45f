import Evidence

extension ContentInspection {
    /// The first word of entrypoint and command.
    static func command(_ config: ImageConfig?) -> String? {
        let execution = config?.config
        return ((execution?.entrypoint ?? []) + (execution?.command ?? [])).first
    }

    /// The first word of entrypoint and command must be a program.
    mutating func checkEntrypoint() throws(ImageTree.OverLimit) {
        checkMountPoints()
        checkVolumes()
        checkWorkingDirectory()
        checkVariables()
        guard let name = Self.command(config) else { return }
        guard !name.isEmpty else {
            return add(
                .entrypointMissing, .entrypointEmpty, nil, called: "ENTRYPOINT and CMD",
                expected: "the name of a program",
                found: "an empty word before all others")
        }
        checkWords()
        checkLength()
        guard let node = entry else { return addMissingEntrypoint(name) }
        if let found = programs.relative(name) {
            return add(
                .entrypointMissing, .entrypointRelative, node, subject: programs.path.joined(separator: ":"),
                expected: "a program in a directory of PATH that begins with a slash",
                found: "\(found.path): runtimes refuse what they find in a relative one")
        }
        guard tree.isExecutable(node) else { return addUnexecutable(node) }
        note(script: node)
        if let refusal = start.refusal(of: node) { return add(refusal, .entrypointMissing, node) }
        checkCapabilities(of: node)
        try checkUser(of: node, called: name)
        checkEnvironment(of: node, called: name)
    }

    /// Runtimes make the working directory unless the image has it.
    private mutating func checkWorkingDirectory() {
        guard let name = config?.config?.workingDirectory, !name.isEmpty else { return }
        guard let found = programs.obstacle(toDirectory: name) else { return }
        add(
            .entrypointMissing, .workingDirectory, nil, called: name, subject: name,
            expected: "the path of a directory, from the root", found: found)
    }

    /// Runtimes refuse variables without a name or without `=`, and a NUL.
    private mutating func checkVariables() {
        for text in config?.config?.environment ?? [] {
            let found: String
            switch text.utf8.firstIndex(of: UInt8(ascii: "=")) {
            case nil: found = "no = in it: runc and crun refuse it, and podman takes the host's variable of that name"
            case text.utf8.startIndex?: found = "no name before the ="
            default:
                guard text.utf8.contains(0) else { continue }
                found = "a NUL in it"
            }
            let shown = ArtifactFault.shown(text.isEmpty ? ArtifactFault.nameless : text)
            return add(
                .entrypointMissing, .variable, nil, called: "Env", subject: shown,
                expected: "each variable as NAME=VALUE", found: "\(shown): \(found)")
        }
    }

    /// execve(2) ends each word at a NUL, so runtimes refuse one.
    private mutating func checkWords() {
        let words = (config?.config?.entrypoint ?? []) + (config?.config?.command ?? [])
        guard let word = words.first(where: { $0.utf8.contains(0) }) else { return }
        add(
            .entrypointMissing, .wordWithNUL, nil, called: "ENTRYPOINT and CMD", subject: ArtifactFault.shown(word),
            expected: "words without a NUL", found: ArtifactFault.shown(word))
    }

    /// execve(2) takes words and variables of 32 pages each, and of a quarter of the stack's limit together.
    private mutating func checkLength() {
        let words = (config?.config?.entrypoint ?? []) + (config?.config?.command ?? [])
        let variables = config?.config?.environment ?? []
        for (name, texts) in [("ENTRYPOINT and CMD", words), ("Env", variables)] {
            guard let longest = texts.map(\.utf8.count).max(), longest >= Self.longestWord else { continue }
            return addTooLong(name, "at most \(Self.longestWord - 1) bytes in one word", "\(longest) in one")
        }
        let total = (words + variables).reduce(0) { $0 + $1.utf8.count + Self.bytesForWord }
        guard total > Self.mostBytes else { return }
        addTooLong("Env", "at most \(Self.mostBytes) bytes with the command", "\(total) bytes with the command")
    }

    private mutating func addTooLong(_ name: String, _ expected: String, _ found: String) {
        add(
            .entrypointMissing, .argumentsTooLong, nil, called: name, subject: name, expected: expected,
            found: "\(found): E2BIG")
    }

    /// `MAX_ARG_STRLEN` with pages of 4 KiB, in bytes, the NUL among them.
    private static let longestWord = 131_072
    /// A quarter of the usual limit of a stack, 8 MiB, in bytes.
    private static let mostBytes = 2 << 20
    /// A word's NUL and its pointer, in bytes.
    private static let bytesForWord = 9

    /// If the entrypoint is `env`, the program that it starts, with the path by which it does.
    func programByEntrypoint(_ node: Int, called name: String) -> (env: ProgramStart.Env, EnvCommand.Outcome)? {
        guard let env = start.env(node, called: name) else { return nil }
        let words = (config?.config?.entrypoint ?? []) + (config?.config?.command ?? [])
        return (env, EnvCommand(arguments: Array(words.dropFirst()), env.implementation).outcome)
    }

    /// If the entrypoint is `env`, checks the program that it starts.
    private mutating func checkEnvironment(of node: Int, called name: String) {
        guard let (env, outcome) = programByEntrypoint(node, called: name) else { return }
        switch outcome {
        case .nothing, .script, .uncertain: return
        case .refused(let option):
            add(
                .entrypointMissing, .entrypointEnvOption, node, subject: option, expected: "options that it knows",
                found: ArtifactFault.shown(option))
        case .program(let name, let path):
            switch env.search.find(name, path) {
            case .missing:
                add(
                    .entrypointMissing, .entrypointEnvMissing, node, subject: name,
                    expected: "\(name), which env is told to start", found: "no such file")
            case .denied(let place, let denied):
                add(
                    .entrypointMissing, .envNotExecutable, node, subject: place,
                    expected: "\(name), which env is told to start", found: programs.denial(denied))
            case .program(_, let program):
                guard let refusal = start.refusal(byEnv: env, of: program) else { return }
                add(refusal, .entrypointMissing, program)
            }
        }
    }

    private mutating func addMissingEntrypoint(_ name: String) {
        if let link = programs.brokenLink(name) {
            return add(
                .entrypointMissing, .entrypointLinkBroken, link.node, subject: link.target,
                expected: "a program in the image", found: "a link to \(link.target), which leads nowhere")
        }
        if !name.hasSlash {
            if let node = programs.unexecutable(name) { return addUnexecutable(node) }
            return add(
                .entrypointMissing, .entrypointNotInPath, nil, called: name,
                subject: programs.path.joined(separator: ":"),
                expected: "a program in the image", found: "no such file")
        }
        if let mount = programs.mount(over: name) {
            return add(
                .entrypointMissing, .hiddenByMount, nil, called: name, subject: name,
                expected: "a program in the image", found: ProgramSearch.hidden(by: mount))
        }
        let there = programs.resolve(name)
        if name.endsInSlash, let there = programs.resolve(name.withoutLastSlashes), tree.nodes[there].kind == .file {
            return add(
                .entrypointMissing, .entrypointTrailingSlash, nil, called: name, subject: tree.path(there),
                expected: "a program in the image", found: "a file, and a name that ends in a slash: ENOTDIR")
        }
        add(
            .entrypointMissing, there == nil ? .entrypointNotThere : .entrypointNoFile, nil, called: name,
            expected: "a program in the image",
            found: there.map { tree.nodes[$0].kind == .directory ? "a directory: EACCES" : "a device or a socket" }
                ?? "no such file")
    }

    private mutating func addUnexecutable(_ node: Int) {
        add(
            .entrypointMissing, .entrypointNotExecutable, node, expected: "an executable file",
            found: "one without execute bits")
    }
}
