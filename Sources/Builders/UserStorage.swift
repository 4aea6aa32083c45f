import Files
import Glibc
import Processes
import SystemPackage

/// The storage in which buildah and podman keep this user's images. Looking for it makes none, which running them would.
enum UserStorage {
    /// The storage that is there; nil if no tool has made one yet.
    static var existing: FilePath? {
        let root = graphRoot
        let names = (try? DirectoryListing.names(in: root.string)) ?? []
        return names.contains { $0.hasSuffix("-images") } ? root : nil
    }

    /// Whether podman keeps its state there too.
    static func hasPodman(_ root: FilePath) -> Bool {
        ["libpod", "db.sql"].contains { access(root.appending($0).string, F_OK) == 0 }
    }

    private static var home: String { Tool.variable("HOME") ?? "/root" }
    private static var isRoot: Bool { geteuid() == 0 }

    /// As containers-storage.conf(5) has it: the first file counts, and for users what it says of them.
    private static var graphRoot: FilePath {
        let files =
            Tool.variable("CONTAINERS_STORAGE_CONF").map { [$0] }
            ?? (isRoot ? [] : ["\(Tool.variable("XDG_CONFIG_HOME") ?? "\(home)/.config")/containers/storage.conf"])
            + ["/etc/containers/storage.conf", "/usr/share/containers/storage.conf"]
        for file in files {
            guard let bytes = try? WholeFile.read(file, limit: 1 << 20) else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            // A user's own file names the user's own storage; the system's names root's.
            let isOwn = isRoot || file == files.first && file != "/etc/containers/storage.conf"
            if let path = (isOwn ? value("graphroot", in: text) : nil)
                ?? (isRoot ? nil : value("rootless_storage_path", in: text))
            {
                return FilePath(expanded(path))
            }
            break
        }
        if isRoot { return "/var/lib/containers/storage" }
        return FilePath("\(Tool.variable("XDG_DATA_HOME") ?? "\(home)/.local/share")/containers/storage")
    }

    /// The value of a line `KEY = "VALUE"`.
    static func value(_ key: String, in text: String) -> String? {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].filter({ !$0.isWhitespace }) == key else { continue }
            let value = parts[1].split(separator: "\"", omittingEmptySubsequences: false)
            if value.count > 2, !value[1].isEmpty { return String(value[1]) }
        }
        return nil
    }

    private static func expanded(_ path: String) -> String {
        path.replacing("$HOME", with: home).replacing("$UID", with: "\(geteuid())")
    }
}
