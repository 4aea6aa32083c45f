import Files

extension Handler {
    /// An enabled entry that recognises files by the bytes at their beginning.
    public init(name: String, interpreter: String, flags: String, magic: [UInt8], mask: [UInt8]) {
        self.init(name: name, text: "")
        enabled = true
        self.interpreter = interpreter
        self.flags = flags
        recognition = .magic(offset: 0, magic: magic, mask: mask)
        text = rule ?? ""
    }

    /// Reads a rule as `register` takes it: `:name:type:offset:magic:mask:interpreter:flags`. Its first byte is the
    /// delimiter. Nil for a rule that the kernel would refuse.
    ///
    /// Specification: <https://docs.kernel.org/admin-guide/binfmt-misc.html>
    public init?(rule: String) {
        guard let delimiter = rule.utf8.first else { return nil }
        let fields = rule.utf8.dropFirst().split(separator: delimiter, maxSplits: 6, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard fields.count == 7, !fields[0].isEmpty, !fields[5].isEmpty else { return nil }
        self.init(name: fields[0], text: "")
        text = rule
        enabled = true
        interpreter = fields[5]
        flags = String(fields[6].prefix { $0 != "\n" })
        switch fields[1] {
        case "E" where !fields[3].isEmpty: recognition = .fileExtension(fields[3])
        case "M":
            let magic = Self.unescaped(fields[3])
            let mask = fields[4].isEmpty ? [UInt8](repeating: 0xff, count: magic.count) : Self.unescaped(fields[4])
            guard let offset = fields[2].isEmpty ? 0 : Int(fields[2]), !magic.isEmpty, mask.count == magic.count else {
                return nil
            }
            recognition = .magic(offset: offset, magic: magic, mask: mask)
        default: return nil
        }
    }

    /// The text to write to `register` for an entry like this one; nil for a type that this parser does not know.
    public var rule: String? {
        guard let interpreter else { return nil }
        switch recognition {
        case .unknown: return nil
        case .fileExtension(let text):
            return Self.rule([name, "E", "", text, "", interpreter, flags])
        case .magic(let offset, let magic, let mask):
            return Self.rule([
                name, "M", offset == 0 ? "" : String(offset), Self.escaped(magic),
                mask.allSatisfy { $0 == 0xff } ? "" : Self.escaped(mask), interpreter, flags,
            ])
        }
    }

    /// Whether the kernel treats both alike: neither the text nor the order of the flags matters.
    public func isEquivalent(to other: Handler) -> Bool {
        interpreter == other.interpreter && Self.effective(flags) == Self.effective(other.flags)
            && recognition == other.recognition
    }

    /// `C` implies `O`.
    private static func effective(_ flags: String) -> Set<Character> {
        let letters = Set(flags)
        return letters.contains("C") ? letters.union(["O"]) : letters
    }

    /// Joins the fields with a colon, or with another character if a field has a colon.
    private static func rule(_ fields: [String]) -> String {
        let delimiter = ":|,!;".first { mark in !fields.contains { $0.contains(mark) } } ?? ":"
        return fields.map { "\(delimiter)\($0)" }.joined()
    }

    /// Letters as they are, every other byte as `\xHH`: so no colon and no backslash is left.
    static func escaped(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): text.append(byte)
            default: text += "\\x\(byte.hexadecimal)".utf8
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// As the kernel does it (`UNESCAPE_HEX`): `\xH` and `\xHH` are one byte, everything else stays.
    static func unescaped(_ text: String) -> [UInt8] {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        var index = 0
        while index < source.count {
            let digits = source[index...].dropFirst(2).prefix(2).prefix { $0.hexadecimalDigit != nil }
            if source[index] == UInt8(ascii: "\\"), index + 1 < source.count, source[index + 1] == UInt8(ascii: "x"),
                !digits.isEmpty
            {
                bytes.append(digits.reduce(0) { $0 << 4 | ($1.hexadecimalDigit ?? 0) })
                index += 2 + digits.count
            } else {
                bytes.append(source[index])
                index += 1
            }
        }
        return bytes
    }
}
