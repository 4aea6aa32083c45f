import ELF
import Evidence

/// Programs that `env` starts.
extension ProgramStart {
    /// How deep scripts of `env` may start scripts of `env`.
    private static let mostCommands = 4

    /// An `env` of the image.
    struct Env {
        var implementation: EnvCommand.Implementation
        var search: ExecvpSearch
    }

    /// The `env` that a file is when it is called by a name; nil if it is another program.
    ///
    /// Many programs are called `env`. It is the one that is known here in a directory of programs only.
    func env(_ node: Int, called name: String) -> Env? {
        guard name.pathComponents.last == "env", case .elf(let facts) = tree.facts(node) else { return nil }
        let directory = tree.nodes[node].parent
        let place = tree.name(directory)
        guard place.elementsEqual("bin".utf8) || place.elementsEqual("sbin".utf8) else { return nil }
        let file = String(decoding: tree.name(node), as: UTF8.self)
        let search = ExecvpSearch(programs, for: facts)
        let isSmall = ["busybox", "toybox"].contains { small in
            // Its commands are links, symbolic or hard.
            file.hasPrefix(small)
                || tree.child(Array(small.utf8)[...], of: directory).map { hasSameFile($0, node) } == true
        }
        if isSmall { return Env(implementation: .small, search: search) }
        guard file == "env" || file == "coreutils" else { return nil }
        return Env(implementation: .gnu, search: search)
    }

    private func hasSameFile(_ one: Int, _ other: Int) -> Bool {
        tree.nodes[one].origin.map { $0 == tree.nodes[other].origin } ?? false
    }

    /// What `env` in the first line of a script does; nil if the line names another program.
    func command(of facts: ScriptFacts) -> (env: Env, command: EnvCommand)? {
        guard let node = programs.resolve(facts.interpreter), let env = env(node, called: facts.interpreter) else {
            return nil
        }
        return (env, EnvCommand(argument: facts.argument, env.implementation))
    }

    /// The program that `env` in the first line of a script starts, with the path by which it does; nil if there is
    /// none.
    func programByEnv(of facts: ScriptFacts) -> (path: String, node: Int)? {
        guard let (env, command) = command(of: facts), case .program(let name, let path) = command.outcome,
            case .program(let place, let node) = env.search.find(name, path)
        else { return nil }
        return (place, node)
    }

    /// Why `env` in the first line of a script does not start its program; nil if it does.
    func refusalByEnv(of facts: ScriptFacts, in script: Int, commands: Int) -> Refusal? {
        guard let (env, command) = command(of: facts) else { return nil }
        let argument = facts.argument ?? ""
        func refuse(_ reason: ArtifactFault.Reason, _ subject: String, _ found: String) -> Refusal {
            Refusal(
                reason: reason, culprit: script, subject: subject, expected: "its interpreter", found: found)
        }
        let isOneWord = argument.utf8.contains(UInt8(ascii: " ")) || argument.utf8.contains(UInt8(ascii: "\t"))
        switch command.outcome {
        case .uncertain, .nothing: return nil
        case .script:
            // With -S the blanks would separate words.
            let isJoined = isOneWord && !Self.isSplit(argument)
            return refuse(
                isJoined || argument.utf8.first != UInt8(ascii: "-") && !argument.isEmpty ? .envArguments : .envLoop,
                argument, "no program behind env: it starts the script again, without end")
        case .refused(let option):
            let isJoined = isOneWord && env.implementation == .gnu && !Self.isSplit(argument)
            return refuse(
                isJoined ? .envArguments : .envOption, isJoined ? argument : option,
                "the option \(ArtifactFault.shown("'\(option)'")), which env refuses")
        case .program(let name, let path):
            switch env.search.find(name, path) {
            case .missing:
                let isWindows = name.utf8.last == 0x0d
                let reason: ArtifactFault.Reason =
                    isWindows ? .carriageReturn : name.contains(" ") ? .envArguments : .envCommandMissing
                var refusal = refuse(reason, isWindows ? "\(facts.interpreter) \(argument)" : name, "no such file")
                refusal.expected = "its interpreter \(ArtifactFault.shown(name))"
                return refusal
            case .denied(let place, let node):
                return refuse(.envNotExecutable, place, programs.denial(node))
            case .program(_, let node):
                guard commands < Self.mostCommands else { return nil }
                return refusal(byEnv: env, of: node, commands: commands + 1)
            }
        }
    }

    /// Why a program does not start that an `env` executes; nil if it does.
    func refusal(byEnv env: Env, of program: Int, commands: Int = 1) -> Refusal? {
        guard let refusal = refusal(of: program, commands: commands) else { return nil }
        return env.search.usesShell && refusal.culprit == program && Self.forShell.contains(refusal.reason)
            ? nil : refusal
    }

    /// What execve(2) refuses with `ENOEXEC`, and a shell reads all the same.
    private static let forShell: Set<ArtifactFault.Reason> = [
        .noInterpreterLine, .emptyFile, .blankBeforeLine, .byteOrderMark, .noHash, .interpreterNotNamed,
        .interpreterCut,
    ]

    private static func isSplit(_ argument: String) -> Bool {
        let letters = argument.utf8.dropFirst().prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "=") }
        return letters.contains(UInt8(ascii: "S")) || argument.utf8.starts(with: "--split-string".utf8)
    }
}
