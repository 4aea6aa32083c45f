/// Reads the section headers and the symbols that an ELF header points at.
struct ELFSectionReader<File: ELFBytes> {
    private let file: File
    private let header: ELFHeader
    private let tableOffset: UInt64
    private let entrySize: Int
    private let count: Int
    private let namesIndex: Int

    init(_ file: File) throws(ELFError) {
        self.file = file
        let prefix = file.bytes(at: 0, count: ELFHeader.size) ?? file.bytes(at: 0, count: 52) ?? []
        header = try ELFHeader(prefix: prefix)
        let wide = header.elfClass == .bits64
        let fields = ELFFields(bytes: prefix, elfClass: header.elfClass, byteOrder: header.byteOrder)
        tableOffset = fields.address(at: wide ? 40 : 32) ?? 0
        entrySize = Int(fields.half(at: wide ? 58 : 46) ?? 0)
        count = Int(fields.half(at: wide ? 60 : 48) ?? 0)
        namesIndex = Int(fields.half(at: wide ? 62 : 50) ?? 0)
    }

    private var wide: Bool { header.elfClass == .bits64 }

    /// - Throws: `ELFError` if the section headers are malformed or not all available. A file may have none.
    func sections() throws(ELFError) -> ([ELFSections.Section], ELFNames) {
        guard tableOffset > 0, count > 0 else { return ([], ELFNames()) }
        guard entrySize >= (wide ? 64 : 40), entrySize <= 1024 else {
            throw ELFError(
                .malformed, reading: "e_shentsize", expected: "\(wide ? 64 : 40) bytes", found: "\(entrySize) bytes")
        }
        let table = try bytes(tableOffset, UInt64(count * entrySize), "the section headers")
        var sections: [ELFSections.Section] = []
        for index in 0..<count {
            let entry = fields(table, index * entrySize, entrySize)
            guard let name = entry.word(at: 0), let type = entry.word(at: 4),
                let address = entry.address(at: wide ? 16 : 12), let offset = entry.address(at: wide ? 24 : 16),
                let size = entry.address(at: wide ? 32 : 20), let link = entry.word(at: wide ? 40 : 24),
                let each = entry.address(at: wide ? 56 : 36)
            else { continue }
            sections.append(
                ELFSections.Section(
                    nameOffset: name, type: type, link: link, address: address, offset: offset, size: size,
                    entrySize: each))
        }
        guard sections.indices.contains(namesIndex), sections[namesIndex].type == ELFSections.Section.strings else {
            return (sections, ELFNames())
        }
        return (sections, ELFNames(table: try contents(sections[namesIndex], "the section names")))
    }

    /// - Throws: `ELFError` if the symbol table or its strings are malformed or not available. A stripped file has
    ///   none.
    func symbols(in sections: [ELFSections.Section]) throws(ELFError) -> ELFSymbols {
        guard let table = sections.first(where: { $0.type == ELFSections.Section.symbols }) else {
            return ELFSymbols(entries: ELFFields(bytes: [], elfClass: header.elfClass, byteOrder: header.byteOrder))
        }
        let size = wide ? 24 : 16
        guard table.entrySize == UInt64(size), sections.indices.contains(Int(table.link)) else {
            throw ELFError(
                .malformed, reading: "the symbol table", expected: "entries of \(size) bytes, and a string table",
                found: "entries of \(table.entrySize) bytes, and section \(table.link)")
        }
        let names = ELFNames(table: try contents(sections[Int(table.link)], "the symbols' names"))
        let entries = try contents(table, "the symbol table")
        let isLinked = header.type == .executable || header.type == .shared
        return ELFSymbols(
            entries: ELFFields(bytes: entries, elfClass: header.elfClass, byteOrder: header.byteOrder), names: names,
            addresses: isLinked ? sections.map(\.address) : [])
    }

    private func contents(_ section: ELFSections.Section, _ what: String) throws(ELFError) -> [UInt8] {
        try bytes(section.offset, section.size, what)
    }

    private func bytes(_ offset: UInt64, _ size: UInt64, _ what: String) throws(ELFError) -> [UInt8] {
        guard size <= ELFSections.largestTable else {
            throw ELFError(
                .malformed, reading: what, expected: "at most \(ELFSections.largestTable) bytes", found: "\(size) bytes"
            )
        }
        guard let bytes = file.bytes(at: offset, count: Int(size)) else {
            throw ELFError(
                .truncated, reading: what, expected: "\(size) bytes at offset \(offset)", found: "the end of the bytes")
        }
        return bytes
    }

    private func fields(_ bytes: [UInt8], _ start: Int, _ count: Int) -> ELFFields {
        ELFFields(
            bytes: Array(bytes[start..<start + count]), elfClass: header.elfClass, byteOrder: header.byteOrder)
    }
}
