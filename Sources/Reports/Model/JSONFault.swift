/// The first place at which a text is not JSON (RFC 8259), for people. Decoders do not tell the place.
struct JSONFault: Equatable {
    /// From 1.
    var line: Int
    /// From 1, in bytes.
    var column: Int
    var expected: String
    var found: String

    /// Nil if there is none.
    init?(in bytes: [UInt8]) {
        var scanner = JSONScanner(bytes: bytes)
        guard let expected = scanner.fault() else { return nil }
        let before = bytes[..<scanner.place]
        line = before.count { $0 == UInt8(ascii: "\n") } + 1
        column = scanner.place - (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1)
        self.expected = expected
        let rest = bytes[scanner.place...].prefix(20).prefix { $0 > 0x20 && $0 != UInt8(ascii: ",") }
        found =
            scanner.place == bytes.count
            ? "the end of the text"
            : rest.isEmpty
                ? bytes[scanner.place] < 0x20
                    ? "a line end or a control character" : "\"\(Unicode.Scalar(bytes[scanner.place]))\""
                : "\"\(String(decoding: rest, as: UTF8.self))\""
    }
}

/// Reads through a JSON text, and keeps nothing of it.
private struct JSONScanner {
    let bytes: [UInt8]
    private(set) var place = 0
    /// The brackets that are open, innermost last. There may be as many as the text is long.
    private var open: [UInt8] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    /// What was expected at the first wrong place; nil if the text is JSON.
    mutating func fault() -> String? {
        while true {
            skipSpace()
            if let expected = value() { return expected }
            // A value has ended, or a collection has begun.
            while true {
                skipSpace()
                guard let closing = open.last else { return next == nil ? nil : "nothing after the document" }
                if next == closing {
                    open.removeLast()
                    isFirst = false
                    place += 1
                    continue
                }
                guard !isFirst else { break }
                guard next == UInt8(ascii: ",") else { return "\",\" or \"\(Unicode.Scalar(closing))\"" }
                place += 1
                break
            }
            isFirst = false
            if open.last == UInt8(ascii: "}") {
                skipSpace()
                guard next == UInt8(ascii: "\"") else { return "a key in quotes" }
                if let expected = string() { return expected }
                skipSpace()
                guard next == UInt8(ascii: ":") else { return "\":\"" }
                place += 1
            }
        }
    }

    /// Whether nothing of the innermost collection was read yet.
    private var isFirst = false

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { place += 1 }
    }

    private mutating func value() -> String? {
        switch next {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            open.append(next == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]"))
            place += 1
            isFirst = true
            return nil
        case UInt8(ascii: "\""): return string()
        case let byte? where byte == UInt8(ascii: "-") || (48...57).contains(byte): return number()
        default:
            for word in ["true", "false", "null"] where bytes[place...].starts(with: Array(word.utf8)) {
                place += word.utf8.count
                return nil
            }
            return "a value"
        }
    }

    private mutating func string() -> String? {
        place += 1
        while let byte = next, byte != UInt8(ascii: "\"") {
            if byte < 0x20 { return "the string's end" }
            guard byte == UInt8(ascii: "\\") else {
                place += 1
                continue
            }
            let escaped = place + 1 < bytes.count ? bytes[place + 1] : 0
            guard "\"\\/bfnrtu".utf8.contains(escaped) else { return "an escape of JSON" }
            if escaped == UInt8(ascii: "u") {
                let digits = bytes[(place + 2)...].prefix(4)
                guard digits.count == 4, digits.allSatisfy({ Self.isHexadecimal($0) }) else {
                    return "four hexadecimal digits after \\u"
                }
            }
            place += 2
        }
        guard next != nil else { return "the string's end" }
        place += 1
        return nil
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
    }

    private mutating func number() -> String? {
        let text = bytes[place...].prefix { "+-.eE0123456789".utf8.contains($0) }
        let isWhole = text.drop { $0 == UInt8(ascii: "-") }
        guard Double(String(decoding: text, as: UTF8.self)) != nil,
            isWhole.count < 2 || isWhole.first != UInt8(ascii: "0")
                || !(48...57).contains(isWhole.dropFirst().first ?? 0)
        else { return "a number" }
        place += text.count
        return nil
    }
}
