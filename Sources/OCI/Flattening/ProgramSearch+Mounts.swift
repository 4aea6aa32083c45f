/// Directories over which every runtime mounts its own file systems: a container does not see what an image has there.
///
/// Source: <https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#default-filesystems>
extension ProgramSearch {
    private static let mounts = ["dev", "proc", "sys"]

    /// The mount that hides what an image has at a path, for example `/dev`; nil if nothing does.
    func mount(over path: String) -> String? {
        let path = withoutOwnRoot(path)
        if let node = directory(of: path).flatMap({ tree.resolve(path, in: $0) }) { return mount(overNode: node) }
        let components = path.pathComponents.filter { $0 != "." }
        guard path.isAbsolutePath, components.count > 1, !components.contains("..") else { return nil }
        return Self.mounts.first { $0 == components[0] }.map { "/\($0)" }
    }

    /// A path without `/proc/self/root` and its like at its beginning: of the process that begins the container these
    /// are the image's root, and `cwd` its working directory. The first process is that one itself.
    func withoutOwnRoot(_ path: String) -> String {
        var path = path
        for _ in 0..<Self.mostOwnRoots {
            let parts = path.isAbsolutePath ? path.pathComponents.filter { $0 != "." } : []
            guard parts.count > 2, parts[0] == "proc", Self.own.contains(parts[1]) else { return path }
            let base: String
            switch parts[2] {
            case "root": base = ""
            case "cwd": base = config?.config?.workingDirectory.map { $0 == "/" ? "" : $0 } ?? ""
            default: return path
            }
            path = base + "/" + parts.dropFirst(3).joined(separator: "/") + (path.endsInSlash ? "/" : "")
        }
        return path
    }

    static let own: Set = ["self", "thread-self", "1"]
    private static let mostOwnRoots = 8

    func mount(overNode node: Int) -> String? {
        var current = node
        while current != ImageTree.root {
            let parent = tree.nodes[current].parent
            if parent == ImageTree.root, current != node {
                return Self.mounts.first { tree.name(current).elementsEqual($0.utf8) }.map { "/\($0)" }
            }
            current = parent
        }
        return nil
    }

    /// Nobody can make a directory in `/proc` or `/sys`: why a working directory there cannot be made; nil if it is
    /// there, or elsewhere.
    static func obstacle(inMount name: String) -> String? {
        let components = name.pathComponents.filter { $0 != "." }
        guard let mount = components.first, let known = directories[mount], components.count > 1,
            !components.contains("..")
        else { return nil }
        return known.contains(components[1])
            ? nil : "a directory in /\(mount), over which runtimes mount their own: nobody can make one there"
    }

    /// The directories that every `/proc`, for the first process of a container, and every `/sys` has.
    private static let directories: [String: Set<String>] = [
        "proc": ["1", "bus", "driver", "fs", "irq", "net", "self", "sys", "thread-self", "tty"],
        "sys": [
            "block", "bus", "class", "dev", "devices", "firmware", "fs", "hypervisor", "kernel", "module", "power",
        ],
    ]

    static func hidden(by mount: String) -> String {
        "a file in \(mount), over which runtimes mount their own: none of the image's is there"
    }
}
