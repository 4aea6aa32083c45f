/// Replaces `$ORIGIN`, `$LIB` and `$PLATFORM` in search paths and in names of libraries.
///
/// Source: <https://man7.org/linux/man-pages/man8/ld.so.8.html>, "Dynamic string tokens"
struct DynamicStringTokens {
    /// The longest path that a system call takes, in bytes.
    private static let longest = 4096
    private static let dollar = UInt8(ascii: "$")

    /// The value of `$LIB`.
    let library: String
    /// The value of `$PLATFORM`; nil if the kernel gives none, or if it is not known here.
    let platform: String?

    /// Replaces a text's tokens as glibc does. Nil if a token has no value, or if the text is longer than a path may
    /// be.
    func expand(_ text: String, origin: String) -> String? {
        guard text.utf8.contains(Self.dollar) else { return text }
        let values: [(name: String, value: String?)] = [
            ("ORIGIN", origin), ("PLATFORM", platform), ("LIB", library),
        ]
        var expanded: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let first = rest.popFirst() {
            guard expanded.count <= Self.longest else { return nil }
            guard first == Self.dollar else {
                expanded.append(first)
                continue
            }
            guard
                let (length, value) = values.lazy.compactMap({ token in
                    Self.length(of: token.name, in: rest).map { ($0, token.value) }
                }).first
            else {
                expanded.append(Self.dollar)
                continue
            }
            guard let value else { return nil }
            expanded += value.utf8
            rest = rest.dropFirst(length)
        }
        return expanded.count <= Self.longest ? String(decoding: expanded, as: UTF8.self) : nil
    }

    /// The length of a token with its braces; nil if the text has another token, or a longer name.
    private static func length(of name: String, in text: ArraySlice<UInt8>) -> Int? {
        let isBraced = text.first == UInt8(ascii: "{")
        let inner = isBraced ? text.dropFirst() : text
        guard inner.starts(with: name.utf8) else { return nil }
        let next = inner.dropFirst(name.utf8.count).first
        if isBraced { return next == UInt8(ascii: "}") ? name.utf8.count + 2 : nil }
        return next.map(isPartOfName) == true ? nil : name.utf8.count
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Replaces `$ORIGIN` in a search path as musl does. Nil if there is any other token: then musl ignores the whole
    /// path.
    static func expandForMusl(_ text: String, origin: String) -> String? {
        guard text.utf8.contains(dollar) else { return text }
        var expanded: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let first = rest.popFirst() {
            guard expanded.count <= longest * 16 else { return nil }
            guard first == dollar else {
                expanded.append(first)
                continue
            }
            guard let token = ["ORIGIN", "{ORIGIN}"].first(where: { rest.starts(with: $0.utf8) }) else { return nil }
            expanded += origin.utf8
            rest = rest.dropFirst(token.utf8.count)
        }
        return String(decoding: expanded, as: UTF8.self)
    }
}
