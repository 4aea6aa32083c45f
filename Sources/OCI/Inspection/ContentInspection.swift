import Archive
import ELF
import Evidence

/// Checks an image once its layers are applied: every binary is for its platform, and everything that it needs to start
/// is there.
struct ContentInspection {
    let tree: ImageTree
    let target: ELFTarget
    /// The digests of the layers.
    private let digests: [String?]
    /// The contents of the files that resolve names of users.
    let files: [String: [UInt8]]
    let config: ImageConfig?
    let programs: ProgramSearch
    let start: ProgramStart
    /// The line of the history that made each layer.
    private let instructions: [String]?
    /// The node of the program that is executed first, if known.
    let entry: Int?
    var resolver: LinkResolver
    /// Finds the libraries that the image's user may read; nil if the user may read all.
    var userResolver: LinkResolver?
    private var twins: PlatformTwins
    private(set) var nativeBinaries = 0
    /// Counts the archives of code, and notes the first that was not read.
    private(set) var archives = ImageEvidence.Archives()
    private(set) var faults: ArtifactFaults = []
    /// Whatever is worth knowing but contradicts nothing.
    private(set) var notes: ArtifactFaults = []
    /// How many faults the policy allows.
    private(set) var allowed = 0
    private let policy: PolicyMatcher
    let isComplete: Bool

    /// - Parameters:
    ///   - contents: the contents of the files that configure dynamic linkers.
    ///   - files: the contents of `ImageUser.files`.
    ///   - isComplete: whether every layer could be read. If not, a missing file may be in another layer.
    init(
        _ tree: ImageTree, target: ELFTarget, digests: [String?], config: ImageConfig?, contents: KeptContents,
        files: [String: [UInt8]], isComplete: Bool, policy: PolicyMatcher
    ) {
        self.files = files
        self.tree = tree
        self.target = target
        self.digests = digests
        self.config = config
        self.policy = policy
        self.isComplete = isComplete
        programs = ProgramSearch(tree, config: config, user: Self.user(config, files: files, tree))
        start = ProgramStart(tree: tree, target: target, programs: programs)
        instructions = isComplete ? config?.instructions(layers: digests.count) : nil
        entry = Self.command(config).flatMap(programs.node)
        twins = PlatformTwins(tree, target: target)
        func resolver(_ user: ImageUser?) -> LinkResolver {
            LinkResolver(
                tree, LoaderConfiguration(contents), workingDirectory: config?.config?.workingDirectory, user: user,
                variable: { config?.config?.variable($0) })
        }
        self.resolver = resolver(nil)
        userResolver = programs.user.flatMap { $0.uid == 0 ? nil : resolver($0) }
    }

    /// - Parameter mostPathBytes: the limit of all paths together, in bytes. Names may be short while their directory
    ///   is deep.
    /// - Throws: `ImageTree.OverLimit`.
    mutating func run(mostPathBytes: Int) throws(ImageTree.OverLimit) {
        var pathBytes = 0
        // Depth first, in the order of the paths' bytes. Makes a path only when there is something to report.
        var pending: [(node: Int, length: Int)] = [(ImageTree.root, 0)]
        while let (node, length) = pending.popLast() {
            if tree.nodes[node].kind == .directory {
                pending += sorted(tree.children(of: node)).map { ($0, length + 1 + tree.name($0).count) }
            } else if tree.nodes[node].kind == .file, let facts = tree.facts(node) {
                pathBytes += length
                guard pathBytes <= mostPathBytes else {
                    throw ImageTree.OverLimit(
                        expected: "paths of programs of at most \(mostPathBytes) bytes together (--limit names=N)")
                }
                try check(facts, of: node)
                try tree.work.check()
            }
        }
        try checkEntrypoint()
        try tree.work.check()
    }

    /// Sorts by path, last first. A directory's path goes on with a slash.
    private func sorted(_ children: [Int]) -> [Int] {
        guard children.count > 1 else { return children }
        let named = children.map { child in
            (child, tree.name(child) + (tree.nodes[child].kind == .directory ? [UInt8(ascii: "/")] : []))
        }
        return named.sorted { $1.1.lexicographicallyPrecedes($0.1) }.map(\.0)
    }

    private mutating func check(_ facts: FileFacts, of node: Int) throws(ImageTree.OverLimit) {
        switch facts {
        case .elf(let facts): try check(facts, of: node)
        case .library(let members): check(members, of: node)
        case .script(let facts):
            check(facts, of: node)
            if let archive = facts.archive { check(archive, of: node) }
        case .text(.lfsPointer):
            guard node != entry, NativePlaces.isLibrary(tree.name(node)) else { return }
            add(.foreignBinary, .lfsPointer, node, expected: "\(target)", found: "a pointer of Git LFS")
        case .text: return
        case .foreignFormat(let format): check(format, of: node)
        case .codeArchive(let archive): check(archive, of: node)
        case .brokenELF(let error):
            // An entrypoint that is broken is a fault of its own.
            guard node != entry else { return }
            add(
                .foreignBinary, .malformedProgram, node, expected: "\(target)",
                found: "a broken ELF file: \(error)")
        }
    }

    private mutating func check(_ facts: ELFFacts, of node: Int) throws(ImageTree.OverLimit) {
        guard !facts.target.machine.isDeviceCode else { return }
        guard facts.target == target else {
            if node != entry, twins.hasCounterpart(node) || twins.isObjectForOther(node) { return }
            return add(.foreignBinary, nil, node, expected: "\(target)", found: "\(facts.target)")
        }
        if let system = facts.otherSystem {
            return add(
                .foreignBinary, .otherSystem, node, subject: system, expected: "\(target), for Linux",
                found: "\(facts.target), for \(system)")
        }
        nativeBinaries += 1
        note(alignmentOf: facts, node)
        if node != entry, isProgram(node, facts), let refusal = ProgramStart.refusal(of: facts) {
            add(.foreignBinary, refusal.reason, node, expected: "a program for \(target.machine)", found: refusal.found)
        }
        guard let interpreter = facts.interpreter else { return }
        // The kernel looks for a relative one where the program starts. Of a file that is no program it may be chance.
        guard interpreter.isAbsolutePath || isProgram(node, facts) || node == entry else { return }
        guard let loader = programs.resolve(interpreter), tree.nodes[loader].kind == .file else {
            if let (directory, layer) = hidingDirectory(of: interpreter) {
                return add(
                    .loaderMissing, .loaderHidden, node, subject: interpreter,
                    expected: "its program interpreter \(interpreter)",
                    found:
                        "no such file: \(directory) is a directory of \(layer), and hides the link to usr\(directory)")
            }
            if let mount = programs.mount(over: interpreter) {
                return add(
                    .loaderMissing, .hiddenByMount, node, subject: interpreter,
                    expected: "its program interpreter \(interpreter)", found: ProgramSearch.hidden(by: mount))
            }
            return add(
                .loaderMissing, .loaderMissing, node, subject: interpreter,
                expected: "its program interpreter \(interpreter)",
                found: programs.resolve(interpreter) == nil ? "no such file" : "no regular file")
        }
        let place = interpreter.isAbsolutePath ? interpreter : tree.path(loader)
        if isProgram(node, facts) || node == entry, !check(loader, place, of: node) { return }
        // A loader for another machine is reported as a fault at its own path.
        let missing = try resolver.missing(of: node, facts, interpreter: place)
        if missing.isEmpty, isProgram(node, facts) || node == entry { try checkTrust(of: node, facts, place) }
        for missing in missing {
            let needer = missing.needer == node ? nil : tree.path(missing.needer)
            let by = needer.map { ", needed by \($0)" } ?? ""
            if let versions = missing.versions {
                add(versions, of: missing.name, for: node, needer, by)
                continue
            }
            let (found, reason) = try explain(missing, of: node, facts.target, place)
            add(
                .loaderMissing, reason, node, subject: missing.name,
                expected: "the library \(missing.name)\(by)", found: found)
        }
    }

    private mutating func add(
        _ versions: MissingVersions, of name: String, for node: Int, _ needer: String?, _ by: String
    ) {
        guard let library = versions.library, let version = versions.names.last else {
            return add(
                .loaderMissing, .versionUnloaded, node, culprit: needer, subject: name,
                expected: "the versions of \(name)\(by)", found: "nothing that loads it: the loader ends the program")
        }
        add(
            .loaderMissing, .versionMissing, node, culprit: needer, subject: version,
            expected: "\(versions.names.joined(separator: ", ")) of \(name)\(by)",
            found: tree.path(library) + (versions.latest.map { " with at most \($0)" } ?? " without it"))
    }

    /// The directory, and its layer, that hides the link of a merged `/usr`; nil if the loader is not below `/usr`.
    private func hidingDirectory(of interpreter: String) -> (directory: String, layer: String)? {
        guard let file = tree.resolve("/usr" + interpreter), tree.nodes[file].kind == .file,
            let name = interpreter.pathComponents.first, let node = tree.resolve("/\(name)"),
            tree.nodes[node].kind == .directory
        else { return nil }
        return ("/\(name)", ContentRules.origin(tree.nodes[node].layer, of: digests.count, instructions))
    }

    /// How a missing library was missed: its words, and the reason.
    private mutating func explain(
        _ missing: LinkResolver.Missing, of node: Int, _ target: ELFTarget, _ interpreter: String
    ) throws(ImageTree.OverLimit) -> (found: String, reason: ArtifactFault.Reason) {
        if let stop = missing.stop {
            return ("\(stop.path), which is \(stop.what): the loader ends the program there", .libraryUnusable)
        }
        if let unlisted = try resolver.unlisted(missing.name, target, interpreter: interpreter) {
            return (
                "\(unlisted.path), which ld.so.cache does not list: only \(unlisted.file) names its directory",
                .libraryNotInCache
            )
        }
        if let runtime = InjectedLibrary.runtime(of: missing.name) {
            return ("none in the image: \(runtime) puts it into containers", .libraryInjected)
        }
        return ("none of that name for \(target.machine)", .libraryMissing)
    }

    /// Whether a file is meant to be executed: it is executable, and in a directory of programs. Debugging files have
    /// the headers of a program, but not its contents.
    private func isProgram(_ node: Int, _ facts: ELFFacts) -> Bool {
        tree.isExecutable(node) && isAmongPrograms(node) && !tree.name(node).suffix(6).elementsEqual(".debug".utf8)
            && (facts.type == .executable || facts.type == .shared)
    }

    private func isAmongPrograms(_ node: Int) -> Bool {
        let directory = tree.name(tree.nodes[node].parent)
        return directory.elementsEqual("bin".utf8) || directory.elementsEqual("sbin".utf8)
    }

    /// Checks that the loader is a program that somebody may execute: the kernel executes it.
    private mutating func check(_ loader: Int, _ interpreter: String, of node: Int) -> Bool {
        guard tree.isExecutable(loader) else {
            add(
                .loaderMissing, .loaderNotExecutable, node, subject: interpreter,
                expected: "its program interpreter \(interpreter), executable",
                found: "a file without execute bits: EACCES, permission denied")
            return false
        }
        guard case .elf(let facts) = tree.facts(loader) else {
            add(
                .loaderMissing, .loaderNotProgram, node, subject: interpreter,
                expected: "its program interpreter \(interpreter), an ELF file",
                found: "another kind of file: ELIBBAD, or EIO for a short one")
            return false
        }
        guard facts.target == target else { return true }
        let refusal = ProgramStart.refusal(of: facts)
        // Nobody loads what a loader needs itself.
        let isOrdinary = facts.loader == nil && (facts.interpreter != nil || facts.dynamic?.needed.isEmpty == false)
        guard refusal.map({ $0.reason != .entryOutside }) ?? isOrdinary else { return true }
        add(
            .loaderMissing, .loaderNotProgram, node, subject: interpreter,
            expected: "its program interpreter \(interpreter), whole and without needs of its own",
            found: refusal?.found ?? "a program that needs a loader and libraries itself: SIGSEGV")
        return false
    }

    private mutating func note(alignmentOf facts: ELFFacts, _ node: Int) {
        guard let largest = target.machine.largestPage, let alignment = facts.loadAlignment, alignment < largest else {
            return
        }
        notes.append(
            fault(
                .pageSize, nil, node, subject: "\(alignment)",
                expected: "segments aligned to \(largest) bytes", found: "\(alignment) bytes"))
    }

    private mutating func check(_ members: [LibraryMember], of node: Int) {
        for member in members where member.target != target && !member.target.machine.isDeviceCode {
            return add(
                .foreignBinary, nil, node, expected: "\(target)", found: "\(member.target) in \(member.name)")
        }
    }

    /// Notes a library for another system if Linux would load it, and a program if it is among programs.
    private mutating func check(_ format: ForeignFormat, of node: Int) {
        let name = tree.name(node)
        let isLoaded: Bool
        if NativePlaces.ends(name, ".dylib") {
            isLoaded = isComplete && name.starts(with: "lib".utf8) && !hasLinuxTwin(node)
        } else if NativePlaces.isLibrary(name) {
            isLoaded = true
        } else {
            isLoaded = tree.isExecutable(node) && isAmongPrograms(node) && !NativePlaces.isOfWindows(name)
        }
        // What was installed on another system has such modules alone.
        let isModule = isComplete && NativePlaces.isModuleOfOther(name) && !hasLinuxTwin(node)
        let path = tree.pathBytes(isModule ? tree.nodes[node].parent : node)
        guard isLoaded || isModule, node != entry, !NativePlaces.isForOtherSystem(path) else { return }
        add(
            .foreignBinary, .foreignFormat, node, subject: format.system, expected: "\(target), ELF for Linux",
            found: "\(format)")
    }

    /// Notes an archive whose libraries are all for other machines. The loader chooses among libraries for several.
    private mutating func check(_ archive: CodeArchiveFacts, of node: Int) {
        if let obstacle = archive.obstacle {
            archives.unread += 1
            archives.firstUnread = archives.firstUnread ?? "\(tree.path(node)): \(obstacle)"
        } else {
            archives.read += 1
        }
        guard isComplete, archive.obstacle == nil else { return }
        // Each archive inside is judged alone: another one's libraries are no help to it, unless it is its twin.
        let groups = archive.membersByArchive
        let whole = groups.filter { $0.members.contains { $0.target == target } }
        let own = Set(archive.members.filter { $0.target == target }.map { NativePlaces.withoutMachine($0.name) })
        let twins = Set(whole.map { NativePlaces.withoutMachines($0.archive) })
        for (inner, members) in groups where !members.contains(where: { $0.target == target }) {
            let first = members[0]
            guard !own.contains(NativePlaces.withoutMachine(first.name)),
                !twins.contains(NativePlaces.withoutMachines(inner)), !hasTwinForTarget(node, first.name)
            else { continue }
            return add(
                .foreignBinary, .foreignInArchive, node, subject: first.name, expected: "\(target)",
                found: "\(first.target) in \(first.name)")
        }
    }

    /// Checks a script in a directory of programs. Elsewhere many are never run, such as examples and test data.
    private mutating func check(_ facts: ScriptFacts, of node: Int) {
        guard node != entry, tree.isExecutable(node), isAmongPrograms(node) else { return }
        note(script: node)
        guard let refusal = start.refusal(of: node) else { return }
        add(refusal, .loaderMissing, node)
    }

    /// Notes whatever the kernel accepts, but reads differently than the author meant.
    mutating func note(script node: Int) {
        guard let facts = start.script(node) else { return }
        if facts.isArgumentCut {
            notes.append(
                fault(
                    .scriptArgument, .argumentCut, node,
                    expected: "a first line of at most \(ScriptLine.bufferSize - 1) bytes", found: "a longer one"))
        }
        if let argument = facts.argument, argument.utf8.last == 0x0d, start.refusal(of: node) == nil {
            notes.append(
                fault(
                    .scriptArgument, .carriageReturn, node, subject: "\(facts.interpreter) \(argument)",
                    expected: "an argument that ends where the line does", found: ArtifactFault.shown(argument)))
        }
        guard start.scripts(from: node) == ProgramStart.mostScripts, start.refusal(of: node) == nil else { return }
        notes.append(
            fault(
                .scriptChain, nil, node,
                expected: "at most \(ProgramStart.mostScripts - 1) scripts, each the interpreter of the one before",
                found: "\(ProgramStart.mostScripts)"))
    }

    mutating func add(_ refusal: ProgramStart.Refusal, _ kind: ArtifactFault.Kind, _ node: Int) {
        let culprit = refusal.culprit == node ? nil : tree.path(refusal.culprit)
        let found = culprit.map { "\(refusal.found) (in \($0))" } ?? refusal.found
        add(
            kind, refusal.reason, node, culprit: culprit, subject: refusal.subject, expected: refusal.expected,
            found: found)
    }

    mutating func add(
        _ kind: ArtifactFault.Kind, _ reason: ArtifactFault.Reason? = nil, _ node: Int?, called name: String = "",
        culprit: String? = nil, subject: String? = nil, expected: String, found: String
    ) {
        guard isComplete || kind == .foreignBinary else { return }
        var fault = fault(kind, reason, node, subject: subject, expected: expected, found: found)
        if node == nil { fault.path = name }
        fault.culprit = culprit
        if policy.allows(fault) { allowed += 1 } else { faults.append(fault) }
    }

    private func fault(
        _ kind: ArtifactFault.Kind, _ reason: ArtifactFault.Reason?, _ node: Int?, subject: String? = nil,
        expected: String, found: String
    ) -> ArtifactFault {
        let origin = node.flatMap { tree.nodes[$0].origin }
        return ArtifactFault(
            kind: kind, reason: reason, path: node.map { tree.path($0) } ?? "",
            layer: origin.flatMap { digests[$0.layer] }, place: origin.flatMap { place(ofLayer: $0.layer) },
            subject: subject, expected: expected, found: found)
    }

    /// Where a layer is among the layers. Nil if layers are missing: then their numbers are unknown.
    private func place(ofLayer index: Int) -> ArtifactFault.Place? {
        guard isComplete else { return nil }
        let instruction = instructions?[index]
        return ArtifactFault.Place(
            number: index + 1, count: digests.count, instruction: instruction?.isEmpty == false ? instruction : nil)
    }
}
