extension ImageTree {
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

    /// Whether a user may execute a file, or search a directory. One without an entry is as engines make it: for all.
    func mayExecute(_ node: Int, _ user: ImageUser) -> Bool {
        guard user.uid != 0, let origin = nodes[node].origin else { return true }
        let entries = layers[origin.layer]
        let mode = linkModes[origin] ?? entries.mode(origin.entry)
        let owner = entries.owner(origin.entry)
        let bit: UInt16 = owner.user == user.uid ? 0o100 : user.groups.contains(owner.group) ? 0o010 : 0o001
        return mode & bit != 0
    }

    /// Whether it is a file that somebody may execute.
    func isExecutable(_ node: Int) -> Bool {
        guard nodes[node].kind == .file, let origin = nodes[node].origin else { return false }
        return (linkModes[origin] ?? layers[origin.layer].mode(origin.entry)) & 0o111 != 0
    }
}
