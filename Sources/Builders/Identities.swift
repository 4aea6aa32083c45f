import Files
import Glibc
import Sandbox

/// The user ids that a rootless builder can have.
enum Identities {
    static var own: UInt32 { geteuid() }

    /// Whether there are ids besides the caller's: root's user namespace maps more, or subuid(5) has a range for it.
    static var areMany: Bool {
        if geteuid() == 0 { return mapped > 1 }
        let id = String(geteuid())
        // passwd(5) is read as a file: getpwuid(3) loads libraries, which a static program must not rely on.
        let names = rows("/etc/passwd", separator: ":").filter { $0.count > 2 && $0[2] == id }.map { $0[0] }
        return rows("/etc/subuid", separator: ":").contains { $0[0] == id || names.contains($0[0]) }
    }

    /// How many ids this user namespace maps: the third column of user_namespaces(7)'s uid_map.
    private static var mapped: Int {
        rows("/proc/self/uid_map", separator: " ").compactMap { $0.last.flatMap { Int($0) } }.reduce(0, +)
    }

    private static func rows(_ path: String, separator: Character) -> [[Substring]] {
        let text = String(decoding: (try? WholeFile.read(path, limit: 1 << 20)) ?? [], as: UTF8.self)
        return text.split(separator: "\n").map { $0.split(separator: separator) }.filter { !$0.isEmpty }
    }
}
