/// The versions of one library that a file needs: an entry of `DT_VERNEED`.
///
/// Source: <https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html>
public struct ELFVersionNeed: Sendable, Equatable {
    /// The library's name, as in `DT_NEEDED`.
    public var library: String
    /// The names of the versions, without the weak ones, which may be missing.
    public var versions: [String]

    public init(library: String, versions: [String]) {
        self.library = library
        self.versions = versions
    }
}

/// Reads a table of versions: a chain of records, each with a chain of names.
struct ELFVersionTable {
    /// The most records that are read, in both chains together. No real file has so many.
    private static let mostRecords = 8192
    private static let weak: UInt16 = 2

    private let fields: ELFFields
    private let strings: [UInt8]
    private var records = 0
    private var budget = ELFDynamicTable.mostNameBytes

    init(_ bytes: [UInt8], _ strings: [UInt8], header: ELFHeader) {
        fields = ELFFields(bytes: bytes, elfClass: header.elfClass, byteOrder: header.byteOrder)
        self.strings = strings
    }

    /// The entries of `DT_VERNEED`; nil if the table is malformed.
    ///
    /// - Throws: `ELFError` `.overLimit`.
    mutating func needs() throws(ELFError) -> [ELFVersionNeed]? {
        var needs: [ELFVersionNeed] = []
        var place = 0
        while true {
            guard let library = try name(at: place + 4), let names = fields.word(at: place + 8),
                let next = fields.word(at: place + 12)
            else { return nil }
            var need = ELFVersionNeed(library: library, versions: [])
            var entry = place + Int(names)
            while true {
                guard let flags = fields.half(at: entry + 4), let version = try name(at: entry + 8),
                    let following = fields.word(at: entry + 12)
                else { return nil }
                if flags & Self.weak == 0 { need.versions.append(version) }
                if following == 0 { break }
                entry += Int(following)
            }
            needs.append(need)
            if next == 0 { return needs }
            place += Int(next)
        }
    }

    /// The names of `DT_VERDEF`; nil if the table is malformed.
    ///
    /// - Throws: `ELFError` `.overLimit`.
    mutating func definitions() throws(ELFError) -> [String]? {
        var versions: [String] = []
        var place = 0
        while true {
            guard let names = fields.word(at: place + 12), let next = fields.word(at: place + 16),
                let version = try name(at: place + Int(names))
            else { return nil }
            versions.append(version)
            if next == 0 { return versions }
            place += Int(next)
        }
    }

    /// The name whose offset in the string table is at a place; nil if there is none.
    private mutating func name(at place: Int) throws(ELFError) -> String? {
        records += 1
        guard records <= Self.mostRecords, budget > 0 else {
            throw ELFError(
                .overLimit, reading: "the versions of symbols",
                expected: "at most \(Self.mostRecords) records and \(ELFDynamicTable.mostNameBytes) bytes of names",
                found: "more")
        }
        guard let offset = fields.word(at: place), offset < strings.count else { return nil }
        let name = strings[Int(offset)...].prefix(budget).prefix { $0 != 0 }
        budget -= name.count
        return String(decoding: name, as: UTF8.self)
    }
}
