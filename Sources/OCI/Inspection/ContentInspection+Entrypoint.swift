import Evidence

extension ContentInspection {
    /// The first word of entrypoint and command.
    static func command(_ config: ImageConfig?) -> String? {
        let execution = config?.config
        return ((execution?.entrypoint ?? []) + (execution?.command ?? [])).first
    }

    /// The first word of entrypoint and command must be a program.
    mutating func checkEntrypoint() {
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
        checkUser(of: node)
        checkEnvironment(of: node, called: name)
    }

    /// The image's user must exist, and may execute the program, and each interpreter on the way to it.
    private mutating func checkUser(of node: Int) {
        // A file that could not be kept, or is a link, may name the user.
        guard let text = config?.config?.user,
            ImageUser.files.allSatisfy({ files[$0] != nil || tree.resolve($0) == nil })
        else { return }
        guard let user = ImageUser(text, files: files) else {
            return add(
                .entrypointMissing, .userUnknown, nil, called: text, subject: text,
                expected: "a user and a group that the image has",
                found: "none of that name in /etc/passwd or /etc/group")
        }
        for file in programs.chain(from: node) {
            var current = file
            // Runtimes make the root themselves: whoever it is, the user may search it.
            while current != ImageTree.root, tree.mayExecute(current, user) { current = tree.nodes[current].parent }
            guard current != ImageTree.root else { continue }
            return add(
                .entrypointMissing, .entrypointNotForUser, node, culprit: current == node ? nil : tree.path(current),
                subject: text, expected: "a program that user \(text) may execute",
                found: "\(tree.path(current)), which that user may not \(current == file ? "execute" : "enter"): EACCES"
            )
        }
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

    /// If the entrypoint is `env`, checks the program that it starts.
    private mutating func checkEnvironment(of node: Int, called name: String) {
        guard name.pathComponents.last == "env" else { return }
        let words = (config?.config?.entrypoint ?? []) + (config?.config?.command ?? [])
        guard let name = EnvCommand(arguments: Array(words.dropFirst())).program else { return }
        guard let program = programs.node(name) else {
            return add(
                .entrypointMissing, .entrypointEnvMissing, node, subject: name,
                expected: "\(name), which env is told to start", found: "no such file")
        }
        guard let refusal = start.refusal(of: program) else { return }
        add(refusal, .entrypointMissing, program)
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
