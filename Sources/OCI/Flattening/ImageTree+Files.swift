extension ImageTree {
    /// What the contents of a file say; nil for anything else.
    func facts(_ node: Int) -> FileFacts? {
        nodes[node].origin.flatMap { layers[$0.layer].facts($0.entry) }
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

    /// Whether it is a file that somebody may execute.
    func isExecutable(_ node: Int) -> Bool {
        guard nodes[node].kind == .file, let origin = nodes[node].origin else { return false }
        return (linkModes[origin] ?? layers[origin.layer].mode(origin.entry)) & 0o111 != 0
    }
}
