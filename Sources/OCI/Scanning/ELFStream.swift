import Archive
import ELF

/// Reads what an ELF file says to the dynamic linker while the file goes by, in bounded memory.
///
/// The beginning of the file is kept, up to a limit; of what comes later only what is known to be needed by then. The
/// string table comes before the dynamic section that names its place in nearly every file, and then in the part that
/// is kept.
final class ELFStream {
    private static let mostKept = 48 << 20
    /// More than the notes of any program take, in bytes.
    private static let longestNotes: UInt64 = 64 << 10

    private let source: any ByteSource
    private let size: UInt64
    private var kept: [UInt8] = []
    private var position: UInt64 = 0
    private var segments: [ELFSegment] = []
    /// Why the kernel does not take the headers.
    private var refusal: ELFError?

    /// - Parameter size: the file has at most so many bytes.
    init(_ source: any ByteSource, size: UInt64) {
        self.source = source
        self.size = size
    }

    /// The file's program interpreter; nil where it has none, or its headers are malformed.
    func interpreter(_ header: ELFHeader) throws(ArchiveError) -> String? {
        let range: Range<UInt64>
        do throws(ELFError) { range = try header.programHeaderRange() } catch {
            refusal = error
            return nil
        }
        // Where the file ends before them, the headers cannot be read.
        _ = try keep(upTo: range.upperBound)
        do throws(ELFError) { segments = try header.segments(in: ELFPrefix(kept)) } catch {
            refusal = error
            return nil
        }
        guard let segment = segments.first(where: { $0.type == ELFSegment.interpreter }) else { return nil }
        refusal = ELFError(
            .malformed, reading: "PT_INTERP", expected: "a name of 2 to 4096 bytes that ends in NUL",
            found: "\(segment.fileSize) bytes at offset \(segment.offset)")
        guard (2...4096).contains(segment.fileSize),
            let bytes = try bytes(Self.range(segment.offset, segment.fileSize)), bytes.last == 0
        else { return nil }
        refusal = nil
        // Files of debugging information keep the headers of a program, without what they point at.
        guard bytes.first == UInt8(ascii: "/") else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// The file's dynamic section; nil where it has none, or one that is malformed. To be called after `interpreter`.
    ///
    /// - Throws: `ArchiveError`, also where there is more of it than is read: what the program needs is not known then.
    func dynamic(_ header: ELFHeader) throws(ArchiveError) -> ELFDynamic? {
        guard let segment = segments.first(where: { $0.type == ELFSegment.dynamic }), segment.fileSize > 0,
            let section = try bytes(
                Self.range(segment.offset, min(segment.fileSize, ELFFile.largestDynamicSection)))
        else { return nil }
        let table = ELFDynamicTable(section, header: header)
        // Longer than the file: it is malformed, not too much to read.
        guard table.stringTableSize ?? 0 <= size else { return nil }
        let range: Range<UInt64>?
        do throws(ELFError) { range = try ELFFile.stringTable(of: table, segments: segments) } catch {
            return try unread(error)
        }
        guard let range, let strings = try bytes(range), strings.first == 0 else { return nil }
        do throws(ELFError) { return try table.resolved(in: strings) } catch { return try unread(error) }
    }

    /// What keeps Linux from running the file. To be called after `interpreter`.
    func defect(_ header: ELFHeader) -> ProgramDefect? {
        refusal.map { .malformed($0) } ?? ProgramDefect(header, segments: segments, size: size)
    }

    /// The system other than Linux that the file is for, as its header or its notes say; nil for Linux. Notes are looked at where they are
    /// in the part that was read anyway. To be called last.
    func otherSystem(_ header: ELFHeader) -> String? {
        var systems: Set<String> = []
        for segment in segments where segment.type == ELFSegment.note && segment.fileSize <= Self.longestNotes {
            guard let range = Self.range(segment.offset, segment.fileSize), range.upperBound <= UInt64(kept.count)
            else { continue }
            let notes = Array(kept[Int(range.lowerBound)..<Int(range.upperBound)])
            systems.formUnion(ELFNotes.systems(in: notes, alignment: segment.alignment, header: header))
        }
        if let marked = header.osABI.otherSystem { systems.insert(marked) }
        // A program that names several runs on all of them, and on Linux (Cosmopolitan Libc).
        return systems.count == 1 ? systems.first : nil
    }

    /// The smallest alignment of a segment that is loaded, in bytes: kernels with larger pages do not load the file. To be called after
    /// `interpreter`.
    var loadAlignment: UInt64? { segments.filter { $0.type == ELFSegment.load }.map(\.alignment).min() }

    /// Nil for what is malformed.
    private func unread(_ error: ELFError) throws(ArchiveError) -> ELFDynamic? {
        guard error.code == .overLimit else { return nil }
        throw ArchiveError(
            .overLimit, archive: source.name, expected: "\(error.structure): \(error.expected)", found: error.found)
    }

    private static func range(_ offset: UInt64, _ size: UInt64) -> Range<UInt64>? {
        let (end, overflow) = offset.addingReportingOverflow(size)
        return overflow ? nil : offset..<end
    }

    /// A part of the file: one that was kept, or one that is still to come; nil where the file ends before it.
    private func bytes(_ range: Range<UInt64>?) throws(ArchiveError) -> [UInt8]? {
        guard let range, range.count <= Int(ELFFile.largestStringTable) else { return nil }
        if try keep(upTo: range.upperBound) { return Array(kept[Int(range.lowerBound)..<Int(range.upperBound)]) }
        var part: [UInt8] = []
        if range.lowerBound < position {
            guard position == kept.count else {
                throw ArchiveError(
                    .overLimit, archive: source.name,
                    expected: "ELF: what the dynamic section names in the first \(Self.mostKept) bytes, or after it",
                    found: "a part at \(range.lowerBound)")
            }
            part = Array(kept[Int(range.lowerBound)...])
        }
        while position < range.upperBound {
            let chunk = try source.nextChunk()
            if chunk.isEmpty { return nil }
            let start = position
            position += UInt64(chunk.count)
            guard position > range.lowerBound else { continue }
            let from = range.lowerBound > start ? Int(range.lowerBound - start) : 0
            let to = min(chunk.count, Int(range.upperBound - start))
            part += chunk[from..<to]
        }
        return part
    }

    /// Reads on until the file is kept up to `end`, or as far as it may be kept.
    ///
    /// - Returns: whether it is kept up to `end`.
    private func keep(upTo end: UInt64) throws(ArchiveError) -> Bool {
        while UInt64(kept.count) < end {
            // Once something has gone by without being kept, what comes now is not the next part of what is kept.
            guard position == kept.count, kept.count < Self.mostKept, try keepChunk() else { return false }
        }
        return true
    }

    private func keepChunk() throws(ArchiveError) -> Bool {
        let chunk = try source.nextChunk()
        guard !chunk.isEmpty else { return false }
        kept += chunk
        position += UInt64(chunk.count)
        return true
    }
}
