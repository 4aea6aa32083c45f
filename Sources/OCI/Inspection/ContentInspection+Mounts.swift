import Evidence

/// What runtimes need for their own mounts, whatever the program is.
extension ContentInspection {
    private static let directories = ["dev", "etc", "proc", "run", "sys"]
    /// Where only a directory does: runtimes do not follow a link, lest it lead out of the image.
    private static let noLinks: Set = ["proc", "sys"]

    mutating func checkMountPoints() {
        guard config != nil else { return }
        for name in Self.directories {
            guard let node = tree.child(Array(name.utf8)[...], of: ImageTree.root) else { continue }
            let isLink = tree.nodes[node].kind == .symbolicLink
            if isLink, Self.noLinks.contains(name) {
                addMountPoint(node, "a directory", "a link")
            } else if isLink, name == "etc", tree.resolve(name) == nil {
                addMountPoint(node, "a directory", "a link that leads nowhere")
            } else if !isLink, tree.nodes[node].kind != .directory {
                addMountPoint(node, "a directory", "a file")
            }
        }
        if let hosts = tree.resolve("etc/hosts"), tree.nodes[hosts].kind == .directory {
            addMountPoint(hosts, "a file", "a directory")
        }
        guard let user = config?.config?.user, !user.isEmpty else { return }
        for file in ImageUser.files {
            guard let node = tree.resolve(file), tree.nodes[node].kind == .directory else { continue }
            addMountPoint(node, "a file", "a directory")
        }
    }

    private mutating func addMountPoint(_ node: Int, _ expected: String, _ found: String) {
        add(.entrypointMissing, .mountPoint, node, subject: expected, expected: expected, found: found)
    }
}
