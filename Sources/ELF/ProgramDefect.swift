/// Why Linux does not run an ELF file as a program, although it is for the right machine.
///
/// Source: `load_elf_binary` in <https://github.com/torvalds/linux/blob/master/fs/binfmt_elf.c>
public enum ProgramDefect: Sendable, Equatable {
    /// The file has no program headers, so nothing says what to load.
    case noProgramHeaders
    /// The program headers, or the interpreter's path, are malformed or beyond the end of the file: `ENOEXEC`.
    case malformed(ELFError)
    /// No segment is loaded.
    case nothingLoaded
    /// The file ends before a loaded segment does. Both values are sizes in bytes.
    case cutShort(needed: UInt64, size: UInt64)
    /// The first instruction, at this address, is in no loaded segment.
    case entryOutside(UInt64)

    /// - Parameters:
    ///   - segments: the file's segments, from `ELFHeader.segments`.
    ///   - size: the size of the file, in bytes.
    /// - Returns: nil if there is no defect.
    public init?(_ header: ELFHeader, segments: [ELFSegment], size: UInt64) {
        guard header.programHeaderCount > 0 else {
            self = .noProgramHeaders
            return
        }
        let loaded = segments.filter { $0.type == ELFSegment.load }
        guard !loaded.isEmpty else {
            self = .nothingLoaded
            return
        }
        let ends = loaded.filter { $0.fileSize > 0 }.map { $0.offset.addingReportingOverflow($0.fileSize) }
        if let end = ends.map({ $0.overflow ? .max : $0.partialValue }).max(), end > size {
            self = .cutShort(needed: end, size: size)
            return
        }
        guard loaded.contains(where: { header.entry >= $0.address && header.entry - $0.address < $0.memorySize }) else {
            self = .entryOutside(header.entry)
            return
        }
        return nil
    }
}
