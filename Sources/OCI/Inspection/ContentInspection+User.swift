import ELF
import Evidence

extension ContentInspection {
    /// One step on the way to a running program: a file that is executed, or read.
    private struct Step {
        var path: String
        var node: Int
        /// Whether an interpreter reads it: the last script of a row.
        var isRead = false
    }

    /// The image's user. Nil if it does not say, or names one whom it does not have; also if a file that could not be
    /// kept, or is a link, may name the user.
    static func user(_ config: ImageConfig?, files: [String: [UInt8]], _ tree: ImageTree) -> ImageUser? {
        guard let text = config?.config?.user, canName(files, tree) else { return nil }
        return ImageUser(text, files: files)
    }

    private static func canName(_ files: [String: [UInt8]], _ tree: ImageTree) -> Bool {
        ImageUser.files.allSatisfy { files[$0] != nil || tree.resolve($0) == nil }
    }

    /// The image's user must exist, and may execute the program, each interpreter on the way to it and its loader, and
    /// read what these read.
    mutating func checkUser(of node: Int, called name: String) throws(ImageTree.OverLimit) {
        guard let text = config?.config?.user, Self.canName(files, tree) else { return }
        guard let user = programs.user else {
            return add(
                .entrypointMissing, .userUnknown, nil, called: text, subject: text,
                expected: "a user and a group that the image has",
                found: "none of that name in /etc/passwd or /etc/group")
        }
        let steps =
            steps(from: name.hasSlash ? name : programs.place(name)?.path ?? name, node)
            + stepsByEntrypoint(node, called: name)
        for step in steps {
            let closed = programs.closedDirectory(on: step.path)
            let isRead = closed == nil && tree.mayExecute(step.node, user)
            guard !isRead || (step.isRead && !tree.mayRead(step.node, user)) else { continue }
            let culprit = closed ?? step.node
            let verb = closed != nil ? "enter" : isRead ? "read" : "execute"
            return add(
                .entrypointMissing, isRead ? .entrypointUnreadable : .entrypointNotForUser, node,
                culprit: culprit == node ? nil : tree.path(culprit), subject: text,
                expected: "a program that user \(text) may \(isRead ? "read" : "execute")",
                found: "\(tree.path(culprit)), which that user may not \(verb): EACCES")
        }
        for step in steps { try checkLibraries(of: step.node, for: node, text) }
    }

    /// The user must be allowed to read each library that the program's linker finds: it looks on after one that cannot
    /// be opened.
    private mutating func checkLibraries(
        of program: Int, for entry: Int, _ user: String
    ) throws(ImageTree.OverLimit) {
        guard case .elf(let facts) = tree.facts(program), facts.target == target, let interpreter = facts.interpreter,
            let loader = programs.resolve(interpreter), tree.nodes[loader].kind == .file
        else { return }
        let place = interpreter.isAbsolutePath ? interpreter : tree.path(loader)
        // What nobody finds is a fault of its own.
        guard try resolver.missing(of: program, facts, interpreter: place).isEmpty,
            let name = try userResolver?.missing(of: program, facts, interpreter: place).first?.name
        else { return }
        let libraries = try resolver.loading(of: program, facts, interpreter: place).libraries
        let path = libraries.first { $0.name == name }?.path ?? name
        add(
            .entrypointMissing, .libraryNotForUser, entry, culprit: path, subject: user,
            expected: "the library \(name), which user \(user) may read",
            found: "\(path), which that user may not read or reach: EACCES, and no other")
    }

    private func steps(from path: String, _ node: Int) -> [Step] {
        var steps = [Step(path: path, node: node)]
        while steps.count <= ProgramStart.mostScripts, let last = steps.last, let facts = start.script(last.node),
            let next = programs.resolve(facts.interpreter), tree.nodes[next].kind == .file
        {
            steps.append(Step(path: facts.interpreter, node: next))
        }
        var more: [Step] = []
        if let last = steps.dropLast().last, let facts = start.script(last.node) {
            let started = start.programByEnv(of: facts)
            // A script that starts as a program need not read the one that names it.
            steps[steps.count - 2].isRead = started.map { start.script($0.node) == nil } ?? true
            if let started { more = self.steps(byEnv: started) }
        }
        if let last = steps.last, case .elf(let facts) = tree.facts(last.node), let interpreter = facts.interpreter,
            let loader = programs.resolve(interpreter)
        {
            steps.append(Step(path: interpreter, node: loader))
        }
        return steps + more
    }

    /// The steps of a program that `env` starts. Only one `env` on the way is followed.
    private func steps(byEnv started: (path: String, node: Int)) -> [Step] {
        guard let facts = start.script(started.node) else { return steps(from: started.path, started.node) }
        guard start.programByEnv(of: facts) == nil else { return [Step(path: started.path, node: started.node)] }
        return steps(from: started.path, started.node)
    }

    private func stepsByEntrypoint(_ node: Int, called name: String) -> [Step] {
        guard let (env, outcome) = programByEntrypoint(node, called: name), case .program(let name, let path) = outcome,
            case .program(let place, let program) = env.search.find(name, path)
        else { return [] }
        return steps(byEnv: (place, program))
    }
}
