import ELF
import Evidence
import Files

/// What execve(2) does with a file in an image.
///
/// Source: `exec_binprm` in <https://github.com/torvalds/linux/blob/master/fs/exec.c>
struct ProgramStart {
    /// How often the kernel goes from a script to its interpreter. One more is `ELOOP`. A binfmt_misc handler counts as
    /// one.
    static let mostScripts = 5
    /// Shells that take a word after a dash for options, even a carriage return, and end at an unknown option.
    private static let shells: Set = ["sh", "ash", "bash", "busybox", "dash", "ksh", "mksh", "zsh"]

    /// Why the kernel, or `env`, does not start a file.
    struct Refusal: Equatable {
        var reason: ArtifactFault.Reason
        /// The file that must be repaired.
        var culprit: Int
        /// The interpreter's path, as written in the file.
        var subject: String?
        var expected: String
        var found: String
    }

    let tree: ImageTree
    let target: ELFTarget
    let programs: ProgramSearch

    /// Why a program does not start; nil if it does. Ignores what an ELF file needs besides, and its machine: these are
    /// faults of their own.
    func refusal(of node: Int) -> Refusal? { refusal(of: node, commands: 0) }

    /// How many scripts the kernel passes through to reach a program.
    func scripts(from node: Int) -> Int { programs.chain(from: node).count { script($0) != nil } }

    func script(_ node: Int) -> ScriptFacts? {
        guard case .script(let facts) = tree.facts(node) else { return nil }
        return facts
    }

    /// - Parameter commands: how many programs `env` has started on the way.
    func refusal(of start: Int, commands: Int) -> Refusal? {
        var node = start
        var scripts: [Int] = []
        while let facts = script(node) {
            guard !scripts.contains(node) else {
                return Refusal(
                    reason: .scriptLoop, culprit: node, subject: facts.interpreter,
                    expected: "an interpreter that is a program", found: "itself again: ELOOP")
            }
            scripts.append(node)
            guard scripts.count <= Self.mostScripts else {
                return Refusal(
                    reason: .scriptChainTooDeep, culprit: start,
                    expected: "at most \(Self.mostScripts) scripts, each the interpreter of the one before",
                    found: "more: ELOOP")
            }
            if let refusal = refusal(of: facts, in: node) ?? refusalByEnv(of: facts, in: node, commands: commands) {
                return refusal
            }
            guard let interpreter = programs.resolve(facts.interpreter) else { return nil }
            node = interpreter
        }
        guard let last = scripts.last, let facts = script(last) else { return refusal(ofProgram: node) }
        return refusal(ofInterpreter: node, facts, in: last)
    }

    /// Why the kernel cannot open the interpreter in a script's first line; nil if it can.
    private func refusal(of facts: ScriptFacts, in node: Int) -> Refusal? {
        func refusal(_ reason: ArtifactFault.Reason, _ expected: String, _ found: String) -> Refusal {
            Refusal(reason: reason, culprit: node, subject: facts.interpreter, expected: expected, found: found)
        }
        switch facts.flaw {
        case .noInterpreter:
            return refusal(.interpreterNotNamed, "a path after #!", "nothing: ENOEXEC, exec format error")
        case .interpreterCut:
            return refusal(
                .interpreterCut, "an interpreter's path that ends within \(ScriptLine.bufferSize - 1) bytes",
                "a longer one: ENOEXEC, exec format error")
        case nil: break
        }
        let shown = ArtifactFault.shown(facts.interpreter)
        guard let interpreter = programs.resolve(facts.interpreter) else {
            if let mount = programs.mount(over: facts.interpreter) {
                return refusal(.hiddenByMount, "its interpreter \(shown)", ProgramSearch.hidden(by: mount))
            }
            return refusal(
                facts.interpreter.utf8.last == 0x0d ? .carriageReturn : .interpreterMissing,
                "its interpreter \(shown)", "no such file: ENOENT")
        }
        switch tree.nodes[interpreter].kind {
        case .file:
            guard tree.isExecutable(interpreter) else {
                return refusal(
                    .interpreterNotExecutable, "its interpreter \(shown), executable",
                    "a file without execute bits: EACCES, permission denied")
            }
        default:
            return refusal(
                .interpreterNoFile, "its interpreter \(shown), a file", "a directory or a device: EACCES")
        }
        let name = facts.interpreter.pathComponents.last ?? ""
        if let argument = facts.argument, argument.utf8.last == 0x0d, Self.shells.contains(name) {
            return Refusal(
                reason: .carriageReturn, culprit: node, subject: "\(facts.interpreter) \(argument)",
                expected: "options of \(name)", found: ArtifactFault.shown(argument))
        }
        return nil
    }

    private func refusal(ofInterpreter node: Int, _ facts: ScriptFacts, in script: Int) -> Refusal? {
        func refusal(_ reason: ArtifactFault.Reason, _ found: String) -> Refusal {
            Refusal(
                reason: reason, culprit: script, subject: facts.interpreter,
                expected: "its interpreter \(ArtifactFault.shown(facts.interpreter)), a program for \(target.machine)",
                found: found)
        }
        guard case .elf(let elf) = tree.facts(node) else {
            return refusal(
                .interpreterNotProgram, "a file that is neither an ELF file nor begins with #!: ENOEXEC")
        }
        guard elf.target == target else { return refusal(.interpreterForeign, "\(elf.target)") }
        guard let why = Self.refusal(of: elf) else { return nil }
        return refusal(.interpreterNotProgram, why.found)
    }

    private func refusal(ofProgram node: Int) -> Refusal? {
        func refusal(_ reason: ArtifactFault.Reason, _ found: String) -> Refusal {
            Refusal(
                reason: reason, culprit: node,
                expected: "a program for \(target.machine), or a script that begins with #!",
                found: "\(found): ENOEXEC, exec format error")
        }
        switch tree.facts(node) {
        case .elf(let facts):
            // A program for another machine or system is reported with the other binaries.
            guard facts.target == target, facts.otherSystem == nil, let why = Self.refusal(of: facts) else {
                return nil
            }
            return Refusal(
                reason: why.reason, culprit: node, expected: "a program for \(target.machine)", found: why.found)
        case .text(.empty): return refusal(.emptyFile, "an empty file")
        case .text(.byteOrderMark): return refusal(.byteOrderMark, "a byte order mark (ef bb bf) before #!")
        case .text(.wideCharacters): return refusal(.wideCharacters, "UTF-16")
        case .text(.blankFirst): return refusal(.blankBeforeLine, "blanks or empty lines before #!")
        case .text(.noHash): return refusal(.noHash, "!/ where #!/ has to be")
        case .text(.lfsPointer): return refusal(.lfsPointer, "a pointer of Git LFS")
        case .text(.gzip): return refusal(.gzipProgram, "a file that is compressed with gzip")
        case .text(.html): return refusal(.webPage, "a page of HTML")
        case .brokenELF(let error): return refusal(.malformedProgram, "a broken ELF file: \(error)")
        case .foreignFormat(let format):
            var why = refusal(.foreignFormat, "\(format)")
            why.subject = format.system
            return why
        case .codeArchive: return refusal(.noInterpreterLine, "a ZIP file")
        case .library: return refusal(.notAProgram, "a static library")
        case .script: return nil
        case nil: return refusal(.noInterpreterLine, "a file that is neither an ELF file nor begins with #!")
        }
    }

    /// Why the kernel does not run an ELF file for the right machine; nil if it does.
    static func refusal(of facts: ELFFacts) -> (reason: ArtifactFault.Reason, found: String)? {
        guard facts.type == .executable || facts.type == .shared else {
            return (.notAProgram, "a \(facts.type) ELF file: ENOEXEC, exec format error")
        }
        switch facts.defect {
        case nil: return nil
        case .noProgramHeaders:
            return (.malformedProgram, "an ELF header without program headers: ENOEXEC, exec format error")
        case .malformed(let error): return (.malformedProgram, "\(error): ENOEXEC, exec format error")
        case .nothingLoaded: return (.malformedProgram, "an ELF file of which nothing is loaded: SIGSEGV")
        case .cutShort(let needed, let size):
            return (.programCutShort, "\(size) bytes, and segments that take \(needed): SIGBUS")
        case .entryUnaligned(let entry):
            return (
                .malformedProgram,
                "its first instruction at \(entry.prefixedHexadecimal), which is no multiple of 4: SIGBUS"
            )
        case .entryOutside(let entry):
            return (
                .entryOutside, "its first instruction at \(entry.prefixedHexadecimal), where nothing is loaded: SIGSEGV"
            )
        }
    }
}
