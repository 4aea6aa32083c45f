/// Writes `ld.so.cache` as `ldconfig` does.
struct CacheBuilder {
    struct Entry {
        var name: String
        var path: String
        var flags: UInt32 = 0xa03
        var hwcap: UInt64 = 0
    }

    /// The forms that ldconfig has had: `-c old`, `-c compat`, `-c new`.
    enum Form: CaseIterable {
        case old, compatible, new
    }

    /// In the order of the file: names that are greater come first.
    var entries: [Entry]
    /// The directories of `glibc-hwcaps`, sorted: an entry's `hwcap` has its number.
    var capabilities: [String] = []

    func bytes(_ form: Form) -> [UInt8] {
        var old = Array("ld.so-1.7.0\0".utf8) + Self.word(UInt32(entries.count))
        let oldSize = old.count + entries.count * 12
        guard form != .old else {
            var strings: [UInt8] = []
            for entry in entries {
                old += Self.word(entry.flags) + Self.word(UInt32(strings.count))
                strings += Array(entry.name.utf8) + [0]
                old += Self.word(UInt32(strings.count))
                strings += Array(entry.path.utf8) + [0]
            }
            return old + strings
        }
        // Texts count from the new header; the old entries' too, in a file that has both, which no linker of today looks at.
        var strings: [UInt8] = []
        var table: [UInt8] = []
        let start = 48 + entries.count * 24
        func text(_ text: String) -> UInt32 {
            defer { strings += Array(text.utf8) + [0] }
            return UInt32(start + strings.count)
        }
        for entry in entries {
            table += Self.word(entry.flags) + Self.word(text(entry.name)) + Self.word(text(entry.path)) + Self.word(0)
            table += Self.word(UInt32(truncatingIfNeeded: entry.hwcap)) + Self.word(UInt32(entry.hwcap >> 32))
        }
        let words = capabilities.map { text($0) }
        while strings.count % 4 != 0 { strings.append(0) }
        let extended = UInt32(start + strings.count)
        // In pieces: Swift 6.2 takes too long over one expression.
        var header = Array("glibc-ld.so.cache1.1".utf8)
        header += Self.word(UInt32(entries.count))
        header += Self.word(UInt32(strings.count))
        header += [2, 0, 0, 0]
        header += Self.word(capabilities.isEmpty ? 0 : extended)
        header += [UInt8](repeating: 0, count: 12)
        let section = Self.word(1) + Self.word(0) + Self.word(extended + 24) + Self.word(UInt32(words.count * 4))
        let more =
            capabilities.isEmpty ? [] : Self.word(0xeaa4_2174) + Self.word(1) + section + words.flatMap(Self.word)
        let new = header + table + strings + more
        guard form == .compatible else { return new }
        for entry in entries { old += Self.word(entry.flags) + Self.word(0) + Self.word(0) }
        return old + [UInt8](repeating: 0, count: (8 - oldSize % 8) % 8) + new
    }

    private static func word(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
