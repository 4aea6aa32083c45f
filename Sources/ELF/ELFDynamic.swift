/// What a file's dynamic section tells the dynamic linker.
///
/// Source: <https://www.sco.com/developers/gabi/latest/ch5.dynamic.html>
public struct ELFDynamic: Sendable, Equatable {
    /// The names of the libraries that the file needs, in order: `DT_NEEDED`.
    public var needed: [String] = []
    /// The name by which others need this file: `DT_SONAME`.
    public var soname: String?
    /// The older search path, as written: `DT_RPATH`.
    public var rpath: String?
    /// The newer search path, as written: `DT_RUNPATH`. If it is present, even empty, `rpath` is not used.
    public var runpath: String?
    /// `DT_FLAGS_1`.
    public var flags: ELFDynamicFlags = []
    /// `DT_FILTER` and `DT_AUXILIARY`, in order.
    public var filtees: [Filtee] = []
    /// The versions of libraries that the file needs: `DT_VERNEED`.
    public var neededVersions: [ELFVersionNeed] = []
    /// The versions that the file defines: `DT_VERDEF`. Nil if it has none.
    public var versions: [String]?

    public init() {}

    /// A library that stands in for a file. It is loaded before it.
    public struct Filtee: Sendable, Equatable {
        public var name: String
        /// Whether it may be missing: `DT_AUXILIARY`.
        public var isOptional: Bool

        public init(_ name: String, isOptional: Bool) {
            self.name = name
            self.isOptional = isOptional
        }
    }
}

/// How a file wants to be loaded: `DT_FLAGS_1`.
///
/// Source: <https://docs.oracle.com/cd/E19683-01/816-1386/chapter6-42444/index.html>, "FLAGS_1"
public struct ELFDynamicFlags: OptionSet, Sendable, Hashable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The linker's default directories are not searched for the libraries that the file needs.
    public static let noDefaultLibraries = ELFDynamicFlags(rawValue: 0x800)
    /// The file is a position-independent program, not a library.
    public static let program = ELFDynamicFlags(rawValue: 0x0800_0000)
}

/// The raw values of a dynamic section: offsets into a string table, and the table's place.
public struct ELFDynamicTable: Sendable, Equatable {
    /// The most entries that are read. No real file has so many.
    static let mostEntries = 8192
    /// The most bytes of names and search paths that are read, in all. No real file has so many. Names may overlap, so
    /// the table's size is no limit.
    static let mostNameBytes = 256 << 10

    private static let auxiliary: UInt64 = 0x7fff_fffd
    private static let filter: UInt64 = 0x7fff_ffff

    private let header: ELFHeader
    private var strings: [(tag: UInt64, offset: UInt64)] = []
    private var isWhole = false
    private var flags: ELFDynamicFlags = []
    /// The address of the string table in memory.
    public private(set) var stringTableAddress: UInt64?
    /// The string table's size in bytes.
    public private(set) var stringTableSize: UInt64?
    /// The address of the table of needed versions: `DT_VERNEED`.
    public private(set) var neededVersionsAddress: UInt64?
    /// The address of the table of defined versions: `DT_VERDEF`.
    public private(set) var versionsAddress: UInt64?

    /// Reads the entries, up to the end marker, the end of the bytes, or the limit.
    public init(_ bytes: [UInt8], header: ELFHeader) {
        self.header = header
        let fields = ELFFields(bytes: bytes, elfClass: header.elfClass, byteOrder: header.byteOrder)
        let word = header.elfClass == .bits64 ? 8 : 4
        for index in 0..<Self.mostEntries {
            guard let tag = fields.address(at: index * word * 2), tag != 0,
                let value = fields.address(at: index * word * 2 + word)
            else {
                isWhole = true
                return
            }
            switch tag {
            case 1, 14, 15, 29, Self.auxiliary, Self.filter: strings.append((tag, value))
            case 5: stringTableAddress = value
            case 10: stringTableSize = value
            case 0x6fff_fffb: flags = ELFDynamicFlags(rawValue: value)
            case 0x6fff_fffc: versionsAddress = value
            case 0x6fff_fffe: neededVersionsAddress = value
            default: break
            }
        }
    }

    /// - Throws: `ELFError` `.overLimit` if there are more entries than the limit: a later one may name the string
    ///   table.
    func checkWhole() throws(ELFError) {
        guard !isWhole else { return }
        throw ELFError(
            .overLimit, reading: "the dynamic section", expected: "at most \(Self.mostEntries) entries", found: "more")
    }

    /// Looks up the names in the string table.
    ///
    /// - Parameters:
    ///   - needed: the bytes from `neededVersionsAddress` on; nil if there are none.
    ///   - defined: the bytes from `versionsAddress` on; nil if there are none.
    /// - Throws: `ELFError` `.malformed` if a name begins or ends outside the table; `.overLimit` if there are more
    ///   entries or more bytes of names than the limits.
    public func resolved(
        in table: [UInt8], needed: [UInt8]? = nil, defined: [UInt8]? = nil
    ) throws(ELFError) -> ELFDynamic {
        try checkWhole()
        var dynamic = ELFDynamic()
        dynamic.flags = flags
        if let needed {
            var versions = ELFVersionTable(needed, table, header: header)
            dynamic.neededVersions = try versions.needs() ?? []
        }
        if let defined {
            var versions = ELFVersionTable(defined, table, header: header)
            dynamic.versions = try versions.definitions()
        }
        var budget = Self.mostNameBytes
        for (tag, offset) in strings {
            guard let start = Int(exactly: offset), start < table.count else {
                throw outside(table, offset)
            }
            guard let end = table[start...].prefix(budget + 1).firstIndex(of: 0) else {
                if table.count - start <= budget { throw outside(table, offset) }
                throw ELFError(
                    .overLimit, reading: "the dynamic section",
                    expected: "names of together at most \(Self.mostNameBytes) bytes", found: "more")
            }
            budget -= end - start
            let name = String(decoding: table[start..<end], as: UTF8.self)
            switch tag {
            case 1: dynamic.needed.append(name)
            case 14: dynamic.soname = name
            // The last of several counts, as in dynamic linkers.
            case 15: dynamic.rpath = name
            case 29: dynamic.runpath = name
            default: dynamic.filtees.append(ELFDynamic.Filtee(name, isOptional: tag == Self.auxiliary))
            }
        }
        return dynamic
    }

    private func outside(_ table: [UInt8], _ offset: UInt64) -> ELFError {
        ELFError(
            .malformed, reading: "the dynamic section", expected: "names in a string table of \(table.count) bytes",
            found: "offset \(offset)")
    }

    public static func == (left: ELFDynamicTable, right: ELFDynamicTable) -> Bool {
        left.stringTableAddress == right.stringTableAddress && left.stringTableSize == right.stringTableSize
            && left.flags == right.flags && left.strings.elementsEqual(right.strings, by: ==)
    }
}
