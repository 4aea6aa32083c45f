/// A symbol table. Decodes a symbol only when it is looked at: a table may have millions.
///
/// Source: <https://www.sco.com/developers/gabi/latest/ch4.symtab.html>
struct ELFSymbols: Sendable {
    /// A named place in a section.
    struct Symbol: Sendable {
        let nameOffset: UInt32
        let section: Int
        /// From the beginning of the symbol's section, in bytes.
        let offset: UInt64
        let size: UInt64
        /// Whether it names a function, data or a label. Sections and source files are no places.
        let isPlace: Bool
    }

    /// The bytes of the table.
    let entries: ELFFields
    var names = ELFNames()
    /// The addresses of the sections in a linked file, where a symbol's value is an address. In an object file values
    /// count from the section's beginning.
    var addresses: [UInt64] = []

    private var isWide: Bool { entries.elfClass == .bits64 }
    private var entrySize: Int { isWide ? 24 : 16 }

    var count: Int { entries.bytes.count / entrySize }

    subscript(index: Int) -> Symbol {
        let start = index * entrySize
        let section = Int(entries.half(at: start + (isWide ? 6 : 14)) ?? 0)
        let value = entries.address(at: start + (isWide ? 8 : 4)) ?? 0
        let base = addresses.indices.contains(section) ? addresses[section] : 0
        let name = entries.word(at: start) ?? 0
        let first = names.first(at: name)
        let kind = (entries.integer(at: start + (isWide ? 4 : 12), size: 1) ?? 0) & 15
        // Skip mapping symbols: `$x` and `$d` mark code and data. See "Mapping symbols" in ELF for the Arm 64-bit
        // Architecture (AAELF64).
        let isPlace = section > 0 && kind <= 2 && first != 0 && first != UInt8(ascii: "$")
        return Symbol(
            nameOffset: name, section: section, offset: value &- base,
            size: entries.address(at: start + (isWide ? 16 : 8)) ?? 0, isPlace: isPlace)
    }

    /// The symbol that covers a byte; else the nearest one before it that has no size.
    func symbol(in section: Int, at offset: UInt64) -> Symbol? {
        var nearest: Symbol?
        for index in 0..<count {
            let symbol = self[index]
            guard symbol.isPlace, symbol.section == section, symbol.offset <= offset,
                symbol.size == 0 || offset - symbol.offset < symbol.size
            else { continue }
            if let known = nearest, (known.offset, known.size) >= (symbol.offset, symbol.size) { continue }
            nearest = symbol
        }
        return nearest
    }
}
