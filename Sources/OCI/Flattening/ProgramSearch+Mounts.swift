/// Directories over which every runtime mounts its own file systems: a container does not see what an image has there.
///
/// Source: <https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#default-filesystems>
extension ProgramSearch {
    private static let mounts = ["dev", "proc", "sys"]

    /// The mount that hides what an image has at a path, for example `/dev`; nil if nothing does.
    func mount(over path: String) -> String? {
        directory(of: path).flatMap { tree.resolve(path, in: $0) }.flatMap(mount(overNode:))
    }

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
        "a file in the image's \(mount), over which runtimes mount their own: ENOENT, no such file"
    }
}
