import Archive

/// The entries of one layer, stored compactly: an image has many thousands of them.
struct LayerEntries: Sendable {
    enum Kind: UInt8, Sendable {
        case file, directory, symbolicLink, hardLink, special
    }

    private struct Record {
        var pathStart: UInt32
        var pathCount: UInt16
        var mode: UInt16
        var kind: Kind
        /// For links where the target is, for files which of the facts are theirs.
        var detail: UInt32
        var detailCount: UInt16
    }

    private static let none = UInt32.max
    /// The most that is kept of the names of a layer, in bytes.
    private static let mostBytes = 1 << 30

    private var bytes: [UInt8] = []
    private var records: [Record] = []
    private(set) var facts: [FileFacts] = []

    var count: Int { records.count }

    /// How many files are ELF files.
    var binaryCount: Int {
        facts.count { fact in
            if case .elf = fact { true } else { false }
        }
    }

    /// - Throws: `ArchiveError.Code.overLimit` where the names of a layer take more than 1 GiB.
    mutating func append(_ entry: ArchiveEntry, facts found: FileFacts?, archive: String) throws(ArchiveError) {
        guard bytes.count < Self.mostBytes, entry.path.bytes.count <= Int(UInt16.max) else {
            throw ArchiveError(
                .overLimit, archive: archive, entry: entry.path.description,
                expected: "names of at most 64 KiB, and of 1 GiB in one layer", found: "more")
        }
        var record = Record(
            pathStart: UInt32(bytes.count), pathCount: UInt16(entry.path.bytes.count),
            mode: UInt16(truncatingIfNeeded: entry.mode), kind: .file, detail: Self.none, detailCount: 0)
        bytes += entry.path.bytes
        var target: [UInt8]?
        switch entry.kind {
        case .file: record.kind = .file
        case .directory: record.kind = .directory
        case .special: record.kind = .special
        case .symbolicLink(let link):
            record.kind = .symbolicLink
            target = link
        case .hardLink(let link):
            record.kind = .hardLink
            target = link.bytes
        }
        if let target {
            record.detail = UInt32(bytes.count)
            record.detailCount = UInt16(truncatingIfNeeded: min(target.count, Int(UInt16.max)))
            bytes += target.prefix(Int(UInt16.max))
        } else if let found {
            record.detail = UInt32(facts.count)
            facts.append(found)
        }
        records.append(record)
    }

    func path(_ index: Int) -> ArraySlice<UInt8> {
        let start = Int(records[index].pathStart)
        return bytes[start..<start + Int(records[index].pathCount)]
    }

    func kind(_ index: Int) -> Kind { records[index].kind }

    func mode(_ index: Int) -> UInt16 { records[index].mode }

    /// What a symbolic link says, or the path that a hard link names.
    func target(_ index: Int) -> ArraySlice<UInt8> {
        guard kind(index) == .symbolicLink || kind(index) == .hardLink else { return [] }
        let start = Int(records[index].detail)
        return bytes[start..<start + Int(records[index].detailCount)]
    }

    func facts(_ index: Int) -> FileFacts? {
        guard kind(index) == .file, records[index].detail != Self.none else { return nil }
        return facts[Int(records[index].detail)]
    }
}
