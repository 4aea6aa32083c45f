import ELF
import Testing

@Suite("Which section and symbol a byte belongs to") struct ELFSectionsTests {
    /// first: 12 bytes at 0; second: 12 bytes at 16; $x marks code; value: data without a size.
    private static let object = object(names: Array("\0first\0second\0$x\0value\0".utf8))

    /// An AArch64 object file with `.text` of two functions at 0x40, `.data`, `.symtab`, names.
    private static func object(names: [UInt8], more: Int = 0) -> [UInt8] {
        func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        }
        func symbol(_ name: UInt64, _ info: UInt64, _ section: UInt64, _ value: UInt64, _ size: UInt64) -> [UInt8] {
            let fields = [(name, 4), (info, 1), (0, 1), (section, 2), (value, 8), (size, 8)]
            return fields.flatMap { bytes($0, $1) }
        }
        func section(
            _ name: UInt64, _ type: UInt64, _ offset: UInt64, _ size: UInt64, _ link: UInt64 = 0, _ each: UInt64 = 0
        ) -> [UInt8] {
            let fields: [(UInt64, Int)] = [
                (name, 4), (type, 4), (0, 8), (0, 8), (offset, 8), (size, 8), (link, 4), (0, 4), (1, 8), (each, 8),
            ]
            return fields.flatMap { bytes($0, $1) }
        }
        let text = [UInt8](repeating: 0xd5, count: 32)
        let data = [UInt8](repeating: 7, count: 16)
        var symbols: [UInt8] = symbol(0, 0, 0, 0, 0) + symbol(14, 0, 1, 0, 0) + symbol(1, 0x12, 1, 0, 12)
        symbols += symbol(7, 0x12, 1, 16, 12) + symbol(17, 0x11, 2, 4, 0)
        for _ in 0..<more { symbols += symbol(0, 0x12, 1, 0, 12) }
        let sectionNames = Array("\0.text\0.data\0.bss\0.symtab\0.strtab\0.shstrtab\0".utf8)
        var offset = UInt64(64)
        var places: [UInt64] = []
        for part in [text, data, symbols, names, sectionNames] {
            places.append(offset)
            offset += UInt64(part.count)
        }
        var object: [UInt8] = ELFHeader.magic + [2, 1, 1] + [UInt8](repeating: 0, count: 9)
        let fields: [(UInt64, Int)] = [
            (1, 2), (183, 2), (1, 4), (0, 8), (0, 8), (offset, 8), (0, 4), (64, 2), (0, 4), (64, 2), (7, 2), (6, 2),
        ]
        for (value, count) in fields { object += bytes(value, count) }
        for part in [text, data, symbols, names, sectionNames] { object += part }
        object += section(0, 0, 0, 0)
        object += section(1, 1, places[0], 32)
        object += section(7, 1, places[1], 16)
        object += section(13, 8, places[1], 4096)
        object += section(18, 2, places[2], UInt64(symbols.count), 5, 24)
        object += section(26, 3, places[3], UInt64(names.count))
        object += section(34, 3, places[4], UInt64(sectionNames.count))
        return object
    }

    private static let places: [(UInt64, String)] = [
        (64, ".text+0x0, in first+0x0"),
        (75, ".text+0xb, in first+0xb"),
        (76, ".text+0xc"),
        (80, ".text+0x10, in second+0x0"),
        (92, ".text+0x1c"),
        (97, ".data+0x1"),
        (100, ".data+0x4, in value+0x0"),
        (111, ".data+0xf, in value+0xb"),
        (192, ".symtab+0x50, the entry of second"),
        (232, ".strtab+0x0"),
    ]

    @Test("an offset is described by section and the symbol that covers it", arguments: places)
    func described(offset: UInt64, words: String) throws {
        #expect(try ELFSections(ELFPrefix(Self.object)).describe(offset) == words)
    }

    @Test("headers and what lies behind the end belong to no section") func outside() throws {
        let sections = try ELFSections(ELFPrefix(Self.object))
        #expect(sections.describe(0) == nil && sections.describe(63) == nil)
        #expect(sections.describe(UInt64(Self.object.count)) == nil && sections.describe(.max) == nil)
    }

    @Test("an object cut anywhere, or with any byte changed, never traps") func damaged() {
        for length in 0..<Self.object.count { _ = try? ELFSections(ELFPrefix(Self.object[..<length])) }
        for position in Self.object.indices {
            for value: UInt8 in [0, 1, 0x7f, 0xff] {
                var bytes = Self.object
                bytes[position] = value
                let sections = try? ELFSections(ELFPrefix(bytes))
                for offset: UInt64 in [0, 70, 150, .max] { _ = sections?.describe(offset) }
            }
        }
    }

    @Test("any number of symbols may share a name without an end, of which only its beginning is shown")
    func endlessName() throws {
        let bytes = Self.object(names: [UInt8](repeating: UInt8(ascii: "n"), count: 4 << 20), more: 200)
        let words = try #require(try ELFSections(ELFPrefix(bytes)).describe(64))
        #expect(words.hasPrefix(".text+0x0, in nnnn") && words.hasSuffix("n+0x0"))
        #expect(words.utf8.count < 5000)
    }

    @Test("what is no ELF file is an error, and one without sections has no places") func others() throws {
        #expect(throws: ELFError.self) { try ELFSections(ELFPrefix(Array("#!/bin/sh".utf8))) }
        let bare = Array(Self.object[..<64]).enumerated().map { (40..<48).contains($0.offset) ? 0 : $0.element }
        #expect(try ELFSections(ELFPrefix(bare)).describe(10) == nil)
    }
}
