import CFiles
public import Glibc

/// Tells which users' files are trusted like one's own.
public enum Trust {
    /// The user that files of unmapped users appear to belong to inside a user namespace.
    private static let overflowUser: uid_t = 65534

    /// Trusts root and this user. Inside a user namespace it trusts the overflow user too, since the host's root
    /// appears as that.
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
