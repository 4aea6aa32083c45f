/// The user of an image's configuration: `USER`, `UID`, `USER:GROUP`, `UID:GID` and mixtures.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/config.md#properties>, "User"
public struct ImageUser {
    public static let passwd = "etc/passwd"
    public static let group = "etc/group"
    /// The image's files that resolve names.
    public static let files = [passwd, group]

    public let uid: UInt32
    public let gid: UInt32
    public let home: String?
    /// The group, and those that `etc/group` gives a user who is named without one.
    let groups: [UInt32]

    public var isRoot: Bool { uid == 0 && gid == 0 }

    /// - Parameters:
    ///   - text: nil or empty: root.
    ///   - files: the contents of `etc/passwd` and `etc/group`, if the image has them.
    /// - Returns: nil for names that the image does not have, and for ids that runtimes reject.
    public init?(_ text: String?, files: [String: [UInt8]]) {
        let parts = (text ?? "").split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts.first.flatMap { $0.isEmpty ? nil : $0 } ?? "0"
        let users = Self.lines(files[Self.passwd])
        let entry = users.first { $0.count >= 4 && ($0[0] == name || $0[2] == name) }
        guard let uid = Self.id(name) ?? entry.flatMap({ Self.id($0[2]) }) else { return nil }
        self.uid = uid
        home = entry.flatMap { $0.count > 5 && !$0[5].isEmpty ? $0[5] : nil }
        let all = Self.lines(files[Self.group])
        guard parts.count == 2, !parts[1].isEmpty else {
            guard let gid = entry.map({ Self.id($0[3]) }) ?? 0 else { return nil }
            self.gid = gid
            let more = all.filter { line in
                line.count > 3 && line[3].split(separator: ",").contains { entry?[0] == String($0) }
            }
            groups = [gid] + more.compactMap { Self.id($0[2]) }
            return
        }
        guard
            let gid = Self.id(parts[1])
                ?? all.first(where: { $0.count >= 3 && $0[0] == parts[1] }).flatMap({ Self.id($0[2]) })
        else { return nil }
        self.gid = gid
        groups = [gid]
    }

    /// At most 2^31 - 1, as in runtimes: 2^32 - 1 means "unchanged" to setresuid(2).
    private static func id(_ text: String) -> UInt32? { Int32(text).flatMap { UInt32(exactly: $0) } }

    private static func lines(_ file: [UInt8]?) -> [[String]] {
        String(decoding: file ?? [], as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        }
    }
}
