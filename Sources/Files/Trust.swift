import CFiles
public import Glibc

/// Whose files are as good as one's own.
public enum Trust {
    /// The user that files of unmapped users seem to belong to inside a user namespace.
    private static let overflowUser: uid_t = 65534

    /// Root and this user. Inside a user namespace also the overflow user: the host's root looks like that.
    public static func isTrusted(_ owner: uid_t) -> Bool {
        owner == 0 || owner == geteuid() || (owner == overflowUser && isInsideUserNamespace)
    }

    private static let isInsideUserNamespace: Bool = {
        guard let map = try? WholeFile.read("/proc/self/uid_map", limit: 4096, kind: .regular) else { return false }
        let fields = map.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
            .map { String(decoding: $0, as: UTF8.self) }
        return fields != ["0", "0", "4294967295"]
    }()
}
