import Files

/// The sections and symbols of an ELF file, to tell where a byte of the file belongs.
///
/// Source: <https://www.sco.com/developers/gabi/latest/ch4.sheader.html>, <https://www.sco.com/developers/gabi/latest/ch4.symtab.html>
public struct ELFSections: Sendable {
    /// A section header.
    struct Section: Sendable {
        static let symbols: UInt32 = 2
        static let strings: UInt32 = 3
        static let noBits: UInt32 = 8

        let nameOffset, type, link: UInt32
        let address, offset, size, entrySize: UInt64

        func holds(_ place: UInt64) -> Bool {
            type != 0 && type != Self.noBits && place >= offset && place - offset < size
        }
    }

    /// The largest symbol or string table that is read, in bytes.
    static let largestTable: UInt64 = 64 << 20

    let sections: [Section]
    let symbols: ELFSymbols
    private let sectionNames: ELFNames

    /// Reads the section headers and `.symtab`.
    ///
    /// - Throws: `ELFError` if the file is not ELF, or if something that its headers point at is malformed or not
    ///   available.
    public init(_ file: some ELFBytes) throws(ELFError) {
        let reader = try ELFSectionReader(file)
        (sections, sectionNames) = try reader.sections()
        symbols = try reader.symbols(in: sections)
    }

    /// What a byte of the file belongs to.
    ///
    /// - Parameter place: the byte's offset in the file.
    /// - Returns: for example `.text+0x40, in main+0x14`; nil for a byte outside all sections, such as one of the
    ///   headers.
    public func describe(_ place: UInt64) -> String? {
        guard let index = sections.lastIndex(where: { $0.holds(place) }) else { return nil }
        let section = sections[index]
        let within = place - section.offset
        let name = sectionNames.name(at: section.nameOffset)
        let text = "\(name.isEmpty ? "section \(index)" : name)+\(within.prefixedHexadecimal)"
        if section.type == Section.symbols, section.entrySize > 0 {
            let entry = Int(within / section.entrySize)
            guard entry < symbols.count else { return text + ", the entry of symbol \(entry)" }
            return text + ", the entry of \(symbols.names.name(at: symbols[entry].nameOffset))"
        }
        guard let symbol = symbols.symbol(in: index, at: within) else { return text }
        let distance = (within - symbol.offset).prefixedHexadecimal
        return text + ", in \(symbols.names.name(at: symbol.nameOffset))+\(distance)"
    }
}

/// A string table. Decodes a name only when it is shown: any number of names may share the bytes of a large table.
struct ELFNames: Sendable {
    /// The most bytes that are shown of a name.
    private static let longest = 4096

    var table: [UInt8] = []

    func name(at offset: UInt32) -> String {
        String(decoding: table.dropFirst(Int(offset)).prefix(Self.longest).prefix { $0 != 0 }, as: UTF8.self)
    }

    /// The first byte of a name; zero if the name is empty.
    func first(at offset: UInt32) -> UInt8 { Int(offset) < table.count ? table[Int(offset)] : 0 }
}
