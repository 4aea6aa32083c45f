extension ImageTree {
    /// What the contents of a file say; nil for anything else.
    func facts(_ node: Int) -> FileFacts? {
        nodes[node].origin.flatMap { layers[$0.layer].facts($0.entry) }
    }

    /// An absolute path without `/proc/self/root` and its like at its beginning: to the process that begins a container
    /// that is the image's root.
    static func withoutOwnRoot(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var path = path
        while path.first == slash {
            var rest = path
            guard nextName(&rest)?.elementsEqual("proc".utf8) == true, let process = nextName(&rest),
                ProgramSearch.own.contains(where: { process.elementsEqual($0.utf8) }),
                nextName(&rest)?.elementsEqual("root".utf8) == true
            else { return path }
            path = rest.isEmpty ? [slash] : rest
        }
        return path
    }

    /// Takes the next name from a path; nil at its end.
    private static func nextName(_ path: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        while true {
            path = path.drop { $0 == slash }
            guard !path.isEmpty else { return nil }
            let name = path.prefix { $0 != slash }
            path = path[name.endIndex...]
            if !name.elementsEqual(CollectionOfOne(UInt8(ascii: "."))) { return name }
        }
    }

    /// The path from the root, with a leading slash.
    func path(_ node: Int) -> String {
        "/" + String(decoding: pathBytes(node), as: UTF8.self)
    }

    /// The path from the root, without a leading slash and without symbolic links.
    func pathBytes(_ node: Int) -> [UInt8] {
        var names: [ArraySlice<UInt8>] = []
        var current = node
        while current != Self.root {
            names.append(name(current))
            current = nodes[current].parent
        }
        return Array(names.reversed().joined(separator: [UInt8(ascii: "/")]))
    }

    /// Calls `body` with the root, and with every node below it.
    func forEachNode(_ body: (Int) -> Void) {
        var pending = [Self.root]
        while let node = pending.popLast() {
            body(node)
            pending += children(of: node)
        }
    }

    /// The link at a path, and its target, if the link leads nowhere.
    func brokenLink(_ path: String, in directory: Int = root) -> (node: Int, target: String)? {
        let parts = path.parts("/", keepsEmpty: true)
        let above = parts.dropLast().map { $0 + "/" }.joined()
        guard let last = parts.last, let parent = resolve(above, in: directory),
            let node = child(Array(last.utf8)[...], of: parent), nodes[node].kind == .symbolicLink,
            let origin = nodes[node].origin, resolve(last.utf8, in: parent) == nil
        else { return nil }
        let entries = layers[origin.layer]
        return (node, String(decoding: entries[entries.target(origin.entry)], as: UTF8.self))
    }

    /// The directories in which the names of a path are looked up, those of links on the way too.
    func directories(on path: some Collection<UInt8>, in directory: Int = root) -> [Int] {
        var passed: [Int] = []
        var links = 0
        _ = resolve(Array(path)[...], in: directory, links: &links) { passed.append($0) }
        return passed
    }

    /// The first directory on the way to a file that a user may not search: links count, and `..`. Nil if there is
    /// none.
    func closedDirectory(on path: some Collection<UInt8>, in directory: Int = root, to user: ImageUser) -> Int? {
        guard user.uid != 0 else { return nil }
        // Runtimes make the root themselves: whoever it is, the user may search it.
        return directories(on: path, in: directory).first { $0 != Self.root && !mayExecute($0, user) }
    }

    /// Whether a user may execute a file, or search a directory.
    func mayExecute(_ node: Int, _ user: ImageUser) -> Bool { has(0o1, node, user) }

    /// Whether a user may read a file.
    func mayRead(_ node: Int, _ user: ImageUser) -> Bool { has(0o4, node, user) }

    /// Whether a node gives a right to a user. One without an entry is as engines make it: for all.
    private func has(_ right: UInt16, _ node: Int, _ user: ImageUser) -> Bool {
        guard user.uid != 0, let origin = nodes[node].origin else { return true }
        let entries = layers[origin.layer]
        let mode = linkModes[origin] ?? entries.mode(origin.entry)
        let owner = entries.owner(origin.entry)
        let shift: UInt16 = owner.user == user.uid ? 6 : user.groups.contains(owner.group) ? 3 : 0
        return mode >> shift & right != 0
    }

    /// How a file changes the ids or capabilities of a user who executes it; nil if it does not. Then the kernel tells
    /// its linker to trust nobody (`AT_SECURE`).
    ///
    /// Source: `cap_bprm_creds_from_file` in <https://github.com/torvalds/linux/blob/master/security/commoncap.c>
    func privilege(_ node: Int, for user: ImageUser) -> String? {
        guard nodes[node].kind == .file, let origin = nodes[node].origin else { return nil }
        let entries = layers[origin.layer]
        let mode = linkModes[origin] ?? entries.mode(origin.entry)
        let owner = entries.owner(origin.entry)
        if mode & 0o4000 != 0, owner.user != user.uid { return "set-user-id of user \(owner.user)" }
        if mode & 0o2010 == 0o2010, owner.group != user.gid { return "set-group-id of group \(owner.group)" }
        return user.uid != 0 && capabilities(node) != nil ? "with capabilities of its own" : nil
    }

    /// The capabilities that a file gives; nil if it gives none.
    func capabilities(_ node: Int) -> FileCapabilities? {
        nodes[node].origin.flatMap { layers[$0.layer].capabilities($0.entry) }
    }

    /// Whether it is a file that somebody may execute.
    func isExecutable(_ node: Int) -> Bool {
        guard nodes[node].kind == .file, let origin = nodes[node].origin else { return false }
        return (linkModes[origin] ?? layers[origin.layer].mode(origin.entry)) & 0o111 != 0
    }
}
