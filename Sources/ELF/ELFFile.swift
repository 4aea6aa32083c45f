/// What an ELF file says about its loading: header, segments, program interpreter and dynamic section.
///
/// Source: <https://www.sco.com/developers/gabi/latest/ch5.intro.html>
public struct ELFFile: Sendable, Equatable {
    /// The longest path of a program interpreter that Linux accepts, in bytes (`PATH_MAX`).
    static let longestInterpreter: UInt64 = 4096
    /// The largest string table that is read, in bytes.
    public static let largestStringTable: UInt64 = 64 << 20
    /// The largest dynamic section that is read, in bytes.
    public static let largestDynamicSection: UInt64 = 256 << 10

    public let header: ELFHeader
    public let segments: [ELFSegment]
    /// The program that the kernel starts in order to start this one: `PT_INTERP`.
    public let interpreter: String?
    /// Nil for a file without a dynamic section, such as a static program or an object file. The versions of symbols
    /// are not read.
    public let dynamic: ELFDynamic?

    /// The alignments of the loaded segments, in bytes. A program runs only if the kernel's pages are no larger than
    /// the smallest alignment.
    public var loadAlignments: [UInt64] {
        segments.filter { $0.type == ELFSegment.load }.map(\.alignment)
    }

    /// Reads a file.
    ///
    /// - Throws: `ELFError` if the file is not ELF, or if something that its headers point at is malformed or not
    ///   available.
    public init(_ file: some ELFBytes) throws(ELFError) {
        let prefix =
            file.bytes(at: 0, count: ELFHeader.size) ?? file.bytes(at: 0, count: ELFClass.bits32.headerSize)
            ?? file.bytes(at: 0, count: 4) ?? []
        header = try ELFHeader(prefix: prefix)
        segments = try header.segments(in: file)
        interpreter = try Self.interpreter(segments, in: file)
        dynamic = try Self.dynamic(segments, header: header, in: file)
    }

    private static func interpreter(_ segments: [ELFSegment], in file: some ELFBytes) throws(ELFError) -> String? {
        guard let segment = segments.first(where: { $0.type == ELFSegment.interpreter }) else { return nil }
        guard segment.fileSize > 1, segment.fileSize <= longestInterpreter else {
            throw ELFError(
                .malformed, reading: "PT_INTERP", expected: "2 to \(longestInterpreter) bytes",
                found: "\(segment.fileSize) bytes")
        }
        guard let bytes = file.bytes(at: segment.offset, count: Int(segment.fileSize)) else {
            throw ELFError(
                .truncated, reading: "PT_INTERP", expected: "\(segment.fileSize) bytes at offset \(segment.offset)",
                found: "the end of the bytes")
        }
        guard bytes.last == 0 else {
            throw ELFError(.malformed, reading: "PT_INTERP", expected: "a name that ends in NUL", found: "none")
        }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func dynamic(
        _ segments: [ELFSegment], header: ELFHeader, in file: some ELFBytes
    ) throws(ELFError) -> ELFDynamic? {
        guard let segment = segments.first(where: { $0.type == ELFSegment.dynamic }), segment.fileSize > 0 else {
            return nil
        }
        let size = min(segment.fileSize, largestDynamicSection)
        guard let bytes = file.bytes(at: segment.offset, count: Int(size)) else {
            throw ELFError(
                .truncated, reading: "PT_DYNAMIC", expected: "\(size) bytes at offset \(segment.offset)",
                found: "the end of the bytes")
        }
        let table = ELFDynamicTable(bytes, header: header)
        guard let range = try stringTable(of: table, segments: segments) else { return ELFDynamic() }
        guard let strings = file.bytes(at: range.lowerBound, count: Int(range.upperBound - range.lowerBound)) else {
            throw ELFError(
                .truncated, reading: "the dynamic string table",
                expected: "\(range.upperBound - range.lowerBound) bytes at offset \(range.lowerBound)",
                found: "the end of the bytes")
        }
        return try table.resolved(in: strings)
    }

    /// The place of the dynamic string table in the file, in bytes; nil if the dynamic section names none.
    ///
    /// - Throws: `ELFError` `.malformed` if it is in no loaded segment; `.overLimit` if it is larger than
    ///   `largestStringTable`, or if not all entries were read.
    public static func stringTable(
        of table: ELFDynamicTable, segments: [ELFSegment]
    ) throws(ELFError) -> Range<UInt64>? {
        try table.checkWhole()
        guard let address = table.stringTableAddress, let size = table.stringTableSize, size > 0 else { return nil }
        guard let place = place(of: address, segments: segments), size <= place.upperBound - place.lowerBound else {
            throw ELFError(
                .malformed, reading: "DT_STRTAB", expected: "a table in a loaded segment",
                found: "\(size) bytes at address \(address)")
        }
        guard size <= largestStringTable else {
            throw ELFError(
                .overLimit, reading: "DT_STRTAB", expected: "a table of at most \(largestStringTable) bytes",
                found: "\(size)")
        }
        return place.lowerBound..<place.lowerBound + size
    }

    /// Where in the file an address is, up to the end of its segment; nil if no loaded segment has it.
    public static func place(of address: UInt64, segments: [ELFSegment]) -> Range<UInt64>? {
        let holder = segments.first { segment in
            segment.type == ELFSegment.load && address >= segment.address
                && address - segment.address < segment.fileSize
        }
        guard let holder else { return nil }
        let (end, overflow) = holder.offset.addingReportingOverflow(holder.fileSize)
        return overflow ? nil : holder.offset + (address - holder.address)..<end
    }
}
