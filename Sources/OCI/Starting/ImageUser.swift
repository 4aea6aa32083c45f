/// The user of an image's configuration: `USER`, `UID`, `USER:GROUP`, `UID:GID` and mixtures.
///
/// Source: <https://github.com/opencontainers/image-spec/blob/main/config.md#properties>, "User"; for the files
/// `ParsePasswdFilter` and `GetExecUser` of <https://github.com/moby/sys/blob/main/user/user.go>, which runc and podman use
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
        let parts = Array((text ?? "").utf8)
            .split(separator: Self.colon, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
        let name = parts.first.flatMap { $0.isEmpty ? nil : $0 } ?? [UInt8(ascii: "0")]
        let number = Self.number(name)
        // A number is an id, even where a user has it for a name.
        let entry = Self.lines(files[Self.passwd]).first { line in
            number.map { $0 == line.id } ?? (line.name == name)
        }
        guard let uid = Self.id(entry?.id ?? number) else { return nil }
        self.uid = uid
        home = entry.flatMap { $0.home.isEmpty ? nil : String(decoding: $0.home, as: UTF8.self) }
        let all = Self.lines(files[Self.group])
        guard parts.count == 2, !parts[1].isEmpty else {
            guard let gid = Self.id(entry?.group ?? 0) else { return nil }
            self.gid = gid
            let more = all.filter { line in line.members.contains { $0.elementsEqual(entry?.name ?? []) } }
            groups = [gid] + more.compactMap { Self.id($0.id) }
            return
        }
        let asked = Self.number(parts[1])
        let found = all.first { line in asked.map { $0 == line.id } ?? (line.name == parts[1]) }
        guard let gid = Self.id(found?.id ?? asked) else { return nil }
        self.gid = gid
        groups = [gid]
    }
}

/// The files that name users and groups.
extension ImageUser {
    private static let colon = UInt8(ascii: ":")
    private static let largest = Int(Int32.max)

    /// A line of `etc/passwd` or `etc/group`. A field that is not there, or is no number where one should be, is 0 or
    /// empty.
    private struct Line {
        private let fields: [ArraySlice<UInt8>]

        init(_ bytes: ArraySlice<UInt8>) {
            fields = bytes.split(separator: ImageUser.colon, omittingEmptySubsequences: false)
        }

        var name: [UInt8] { Array(field(0)) }
        /// The user, or in `etc/group` the group.
        var id: Int { ImageUser.number(Array(field(2))) ?? 0 }
        /// The user's group.
        var group: Int { ImageUser.number(Array(field(3))) ?? 0 }
        var home: ArraySlice<UInt8> { field(5) }
        /// The names of a group's users.
        var members: [ArraySlice<UInt8>] { field(3).split(separator: UInt8(ascii: ",")) }

        private func field(_ number: Int) -> ArraySlice<UInt8> { number < fields.count ? fields[number] : [] }
    }

    /// At most 2^31 - 1, as in runtimes: 2^32 - 1 means "unchanged" to setresuid(2).
    private static func id(_ number: Int?) -> UInt32? {
        number.flatMap { (0...largest).contains($0) ? UInt32($0) : nil }
    }

    /// A number as Go's `strconv.Atoi` reads it; one too large stays too large. Nil for anything else.
    private static func number(_ text: [UInt8]) -> Int? {
        let digits = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(String(decoding: text, as: UTF8.self)) ?? .max
    }

    /// The lines, without blanks and carriage returns around them.
    private static func lines(_ file: [UInt8]?) -> [Line] {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
        return (file ?? []).split(separator: UInt8(ascii: "\n")).compactMap { line in
            var text = line.drop(while: isBlank)
            while text.last.map(isBlank) == true { text.removeLast() }
            return text.isEmpty ? nil : Line(text)
        }
    }
}
