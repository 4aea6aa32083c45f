import Binfmt
import Glibc

/// The container that this program runs in, as `docker run IMAGE handler install` makes one: its files and its mounts
/// end with it, what it registers stays.
enum OwnContainer {
    /// Files that engines put into their containers. A virtual machine that was made from an image may have one, too.
    private static let marks = ["/.dockerenv", "/run/.containerenv"]

    /// The inodes of the host's own namespaces, and their files in /proc/self/ns. Every engine gives its containers one of
    /// these at least.
    /// Source: `include/linux/proc_ns.h`
    private static let hostNamespaces: [String: ino_t] = [
        "ipc": 0xefff_ffff, "uts": 0xefff_fffe, "pid": 0xefff_fffc, "cgroup": 0xefff_fffb,
    ]

    private static var hasOwnNamespaces: Bool {
        hostNamespaces.contains { name, inode in
            var status = stat()
            return stat("/proc/self/ns/\(name)", &status) != 0 || status.st_ino != inode
        }
    }

    /// What shows that there is one, for people: an engine's file and a namespace
    /// of its own, or that this program is process 1, whose end takes the
    /// others and their mounts with it. Nil: nothing shows it.
    static var trace: String? {
        if let mark = marks.first(where: { access($0, F_OK) == 0 }), hasOwnNamespaces { return mark }
        return getpid() == 1 ? "this program is process 1" : nil
    }

    /// In a container, mounts binfmt_misc where none is mounted. Where that fails the registry is unavailable as before,
    /// and its reader says so.
    static func mountRegistry(on directory: String) {
        guard trace != nil, case .unavailable = Registry.read(directory: directory).state else { return }
        _ = mount("binfmt_misc", directory, "binfmt_misc", 0, nil)
    }

    /// What to type to have the host's interpreter in a container.
    static func binding(_ emulator: String) -> String {
        "bind the host's into this container: -v /usr/bin/\(emulator)-static:/qemu:ro, and --interpreter /qemu"
    }
}
