/// One program header: a part of the file, and its place in memory.
///
/// Source: <https://www.sco.com/developers/gabi/latest/ch5.pheader.html>
public struct ELFSegment: Sendable, Hashable {
    /// `PT_LOAD`: a segment that is loaded into memory.
    public static let load: UInt32 = 1
    /// `PT_DYNAMIC`: the dynamic section.
    public static let dynamic: UInt32 = 2
    /// `PT_INTERP`: the path of the program interpreter.
    public static let interpreter: UInt32 = 3
    /// `PT_NOTE`: notes, see `ELFNotes`.
    public static let note: UInt32 = 4

    /// `p_type`.
    public let type: UInt32
    /// Where the segment begins in the file, in bytes.
    public let offset: UInt64
    /// The segment's address in memory.
    public let address: UInt64
    /// The size in the file, in bytes.
    public let fileSize: UInt64
    /// The size in memory, in bytes. Bytes beyond `fileSize` are zero.
    public let memorySize: UInt64
    /// The alignment, in bytes. Zero and one mean none.
    public let alignment: UInt64

    init?(_ fields: ELFFields) {
        let wide = fields.elfClass == .bits64
        guard let type = fields.word(at: 0),
            let offset = fields.address(at: wide ? 8 : 4),
            let address = fields.address(at: wide ? 16 : 8),
            let fileSize = fields.address(at: wide ? 32 : 16),
            let memorySize = fields.address(at: wide ? 40 : 20),
            let alignment = fields.address(at: wide ? 48 : 28)
        else { return nil }
        self.type = type
        self.offset = offset
        self.address = address
        self.fileSize = fileSize
        self.memorySize = memorySize
        self.alignment = alignment
    }
}

extension ELFHeader {
    /// The most program headers that are read. No real program has so many.
    static let mostSegments = 1024

    /// The place of the program headers in the file, in bytes.
    ///
    /// - Throws: `ELFError` `.malformed` if their size, number or offset cannot be right.
    public func programHeaderRange() throws(ELFError) -> Range<UInt64> {
        guard programHeaderCount > 0 else { return 0..<0 }
        let entrySize = elfClass == .bits64 ? 56 : 32
        // Linux, QEMU and dynamic linkers take no other size.
        guard Int(programHeaderSize) == entrySize else {
            throw ELFError(
                .malformed, reading: "e_phentsize", expected: "\(entrySize) bytes", found: "\(programHeaderSize) bytes")
        }
        guard Int(programHeaderCount) <= Self.mostSegments else {
            throw ELFError(
                .malformed, reading: "e_phnum", expected: "at most \(Self.mostSegments)",
                found: "\(programHeaderCount)")
        }
        let size = UInt64(programHeaderSize) * UInt64(programHeaderCount)
        let (end, overflow) = programHeaderOffset.addingReportingOverflow(size)
        guard !overflow else {
            throw ELFError(
                .malformed, reading: "e_phoff", expected: "an offset in the file", found: "\(programHeaderOffset)")
        }
        return programHeaderOffset..<end
    }

    /// Reads the program headers.
    ///
    /// - Throws: as `programHeaderRange()`; `ELFError` `.truncated` if not all of them are available.
    public func segments(in file: some ELFBytes) throws(ELFError) -> [ELFSegment] {
        let range = try programHeaderRange()
        guard !range.isEmpty else { return [] }
        guard let table = file.bytes(at: range.lowerBound, count: Int(range.upperBound - range.lowerBound)) else {
            throw ELFError(
                .truncated, reading: "the program headers",
                expected: "\(programHeaderCount) headers at offset \(programHeaderOffset)",
                found: "the end of the bytes")
        }
        let size = Int(programHeaderSize)
        return (0..<Int(programHeaderCount)).compactMap { index in
            let bytes = Array(table[index * size..<(index + 1) * size])
            return ELFSegment(ELFFields(bytes: bytes, elfClass: elfClass, byteOrder: byteOrder))
        }
    }
}
