import Archive
import ELF

/// Reads what an ELF file says to the dynamic linker while the file goes by, in bounded memory.
///
/// The beginning of the file is kept, up to a limit; of what comes later only what is known to be needed by then. The
/// string table comes before the dynamic section that names its place in nearly every file, and then in the part that
/// is kept.
final class ELFStream {
    private static let mostKept = 48 << 20

    private let source: any ByteSource
    private let size: UInt64
    private var kept: [UInt8] = []
    private var position: UInt64 = 0
    private var segments: [ELFSegment] = []

    /// - Parameter size: the file has at most so many bytes.
    init(_ source: any ByteSource, size: UInt64) {
        self.source = source
        self.size = size
    }

    /// The file's program interpreter; nil where it has none, or its headers are malformed.
    func interpreter(_ header: ELFHeader) throws(ArchiveError) -> String? {
        guard let range = try? header.programHeaderRange(), try keep(upTo: range.upperBound),
            let segments = try? header.segments(in: ELFPrefix(kept[...]))
        else { return nil }
        self.segments = segments
        guard let segment = segments.first(where: { $0.type == ELFSegment.interpreter }), segment.fileSize <= 4096,
            let bytes = try bytes(Self.range(segment.offset, segment.fileSize))
        else { return nil }
        // Files of debugging information keep the headers of a program, without what they point at.
        guard bytes.first == UInt8(ascii: "/"), bytes.last == 0 else { return nil }
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
