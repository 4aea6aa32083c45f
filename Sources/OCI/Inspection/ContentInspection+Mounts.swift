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

    /// podman and Docker make a volume for each directory that the configuration names, and mount it there. containerd
    /// does not.
    mutating func checkVolumes() {
        for name in config?.config?.volumes ?? [] {
            guard let found = obstacle(toVolume: name) else { continue }
            return add(
                .entrypointMissing, .volume, nil, called: "Volumes", subject: ArtifactFault.shown(name),
                expected: "a directory, or nothing, at \(ArtifactFault.shown(name))", found: found)
        }
    }

    /// Why nothing can be mounted at a place; nil if it can.
    private func obstacle(toVolume name: String) -> String? {
        // A relative one is passed over.
        guard name.isAbsolutePath else { return nil }
        if name.utf8.contains(0) { return "a name with a NUL in it" }
        let components = name.lexicalComponents
        guard let first = components.first else { return "the root, over which nothing can be mounted" }
        if first == "proc" || (first == "dev" && components.count == 1) {
            return "\(components.count == 1 ? "" : "a place in ")/\(first), which is the runtime's own"
        }
        if let found = ProgramSearch.obstacle(inMount: "/" + components.joined(separator: "/")) { return found }
        var path = ""
        for component in components {
            if component.utf8.count > ImageTree.longestName {
                return "a name of more than \(ImageTree.longestName) bytes"
            }
            path += "/\(component)"
            guard let node = tree.resolve(path) else { return nil }
            guard tree.nodes[node].kind == .directory else { return "\(path), which is no directory" }
        }
        return nil
    }

    private mutating func addMountPoint(_ node: Int, _ expected: String, _ found: String) {
        add(.entrypointMissing, .mountPoint, node, subject: expected, expected: expected, found: found)
    }
}
