import Archive
import ELF

/// Reads what an ELF file tells the dynamic linker, in one pass and bounded memory.
///
/// Keeps the beginning of the file up to a limit. Of the rest it keeps only what is known to be needed when it passes.
/// In nearly every file the string table comes before the dynamic section that points at it, and so within the kept
/// beginning.
final class ELFStream {
    /// What is kept of a file at first, in bytes. The tables of nearly all programs end before it: those of clang and
    /// node before 9 MB.
    static let usuallyKept = 10 << 20
    /// What is kept of a file where that was not enough, in bytes. Libraries that export very many names need it.
    static let mostKept = 48 << 20
    /// From this many bytes on, memory is taken for all that may be kept.
    private static let large = 1 << 20
    /// The longest notes that are read, in bytes. No program has so many.
    private static let longestNotes: UInt64 = 64 << 10
    /// The most of a table of versions that is read, in bytes. No library has so many.
    private static let longestVersions: UInt64 = 256 << 10

    private let source: any ByteSource
    private let size: UInt64
    private let limit: Int
    /// Whether a part was needed that was not kept.
    private(set) var wasShort = false
    private var kept: [UInt8] = []
    private var position: UInt64 = 0
    /// The last part that was read beyond what is kept, up to `position`.
    private var tail: (start: UInt64, bytes: [UInt8]) = (0, [])
    /// Whether the source has no more chunks.
    private var hasEnded = false
    private var segments: [ELFSegment] = []
    /// Why the kernel refuses the headers.
    private var refusal: ELFError?

    /// - Parameters:
    ///   - size: the file's size, or an upper limit, in bytes.
    ///   - limit: how much of its beginning is kept, in bytes.
    init(_ source: any ByteSource, size: UInt64, keeping limit: Int = mostKept) {
        self.source = source
        self.size = size
        self.limit = limit
    }

    /// The file's program interpreter; nil if it has none, or if its headers are malformed.
    ///
    /// - Throws: `ArchiveError` if the source fails.
    func interpreter(_ header: ELFHeader) throws(ArchiveError) -> String? {
        let range: Range<UInt64>
        do throws(ELFError) { range = try header.programHeaderRange() } catch {
            refusal = error
            return nil
        }
        // If the file ends before its headers do, they cannot be read.
        if try !keep(upTo: range.upperBound), !hasEnded, range.upperBound <= size { throw beyondLimit(range) }
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
        let name = bytes.prefix { $0 != 0 }
        // Debugging files keep the headers of a program, but not its contents: other bytes stand there.
        return name.first == UInt8(ascii: "/") || Self.isRelativePath(name, within: bytes.count)
            ? String(decoding: name, as: UTF8.self) : nil
    }

    /// Whether a name may be meant as a relative path: text that takes all of its segment.
    private static func isRelativePath(_ name: some Collection<UInt8>, within size: Int) -> Bool {
        name.count == size - 1 && name.allSatisfy { (0x21...0x7e).contains($0) }
    }

    /// The file's dynamic section; nil if it has none, or if it is malformed. Call after `interpreter`.
    ///
    /// - Throws: `ArchiveError` if the source fails, or if the section is over a limit: then the program's needs are
    ///   unknown.
    func dynamic(_ header: ELFHeader) throws(ArchiveError) -> ELFDynamic? {
        guard let segment = segments.first(where: { $0.type == ELFSegment.dynamic }), segment.fileSize > 0,
            let section = try bytes(
                Self.range(segment.offset, min(segment.fileSize, ELFFile.largestDynamicSection)))
        else { return nil }
        let table = ELFDynamicTable(section, header: header)
        // A table longer than the file is malformed, not over the limit.
        guard table.stringTableSize ?? 0 <= size else { return nil }
        let range: Range<UInt64>?
        do throws(ELFError) { range = try ELFFile.stringTable(of: table, segments: segments) } catch {
            return try unread(error)
        }
        guard let range else { return nil }
        // Beyond what is kept, parts are read in their order.
        let versions = [versions(at: table.neededVersionsAddress), versions(at: table.versionsAddress)]
        var parts: [UInt64: [UInt8]] = [:]
        for part in (versions.compactMap(\.self) + [range]).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            parts[part.lowerBound] = try bytes(part)
        }
        guard let strings = parts[range.lowerBound], strings.first == 0 else { return nil }
        do throws(ELFError) {
            return try table.resolved(
                in: strings, needed: versions[0].flatMap { parts[$0.lowerBound] },
                defined: versions[1].flatMap { parts[$0.lowerBound] })
        } catch { return try unread(error) }
    }

    /// Where a table of versions is, and at most how long. The file tells only where it begins.
    private func versions(at address: UInt64?) -> Range<UInt64>? {
        guard let place = address.flatMap({ ELFFile.place(of: $0, segments: segments) }), place.lowerBound < size else {
            return nil
        }
        return place.lowerBound..<min(place.upperBound, size, place.lowerBound + Self.longestVersions)
    }

    /// Why Linux does not run the file; nil if it does. Call after `interpreter`.
    func defect(_ header: ELFHeader) -> ProgramDefect? {
        refusal.map { .malformed($0) } ?? ProgramDefect(header, segments: segments, size: size)
    }

    /// The other system that the file is for, by its header or its notes; nil for Linux. Only notes in the part that
    /// was kept count. Call last.
    func otherSystem(_ header: ELFHeader) -> String? {
        var systems: Set<String> = []
        for segment in segments where segment.type == ELFSegment.note && segment.fileSize <= Self.longestNotes {
            guard let range = Self.range(segment.offset, segment.fileSize), range.upperBound <= UInt64(kept.count)
            else { continue }
            let notes = Array(kept[Int(range.lowerBound)..<Int(range.upperBound)])
            systems.formUnion(ELFNotes.systems(in: notes, alignment: segment.alignment, header: header))
        }
        if let marked = header.osABI.otherSystem { systems.insert(marked) }
        // A program that names several systems runs on all of them, and on Linux (Cosmopolitan Libc).
        return systems.count == 1 ? systems.first : nil
    }

    /// The smallest alignment of a loaded segment, in bytes. Kernels with larger pages do not load the file. Call after
    /// `interpreter`.
    var loadAlignment: UInt64? { segments.filter { $0.type == ELFSegment.load }.map(\.alignment).min() }

    /// Throws if a limit was exceeded. Returns nil for malformed data.
    private func unread(_ error: ELFError) throws(ArchiveError) -> ELFDynamic? {
        guard error.code == .overLimit else { return nil }
        throw ArchiveError(
            .overLimit, archive: source.name, expected: "\(error.structure): \(error.expected)", found: error.found)
    }

    private static func range(_ offset: UInt64, _ size: UInt64) -> Range<UInt64>? {
        let (end, overflow) = offset.addingReportingOverflow(size)
        return overflow ? nil : offset..<end
    }

    /// A part of the file, kept or still to come; nil if the file ends before it.
    private func bytes(_ range: Range<UInt64>?) throws(ArchiveError) -> [UInt8]? {
        guard let range, range.count <= Int(ELFFile.largestStringTable) else { return nil }
        if try keep(upTo: range.upperBound) { return Array(kept[Int(range.lowerBound)..<Int(range.upperBound)]) }
        if hasEnded, position == kept.count { return nil }
        if tail.bytes.isEmpty, position == kept.count {
            let isKept = range.lowerBound < UInt64(kept.count)
            tail = (range.lowerBound, isKept ? Array(kept[Int(range.lowerBound)...]) : [])
        } else if range.lowerBound > position {
            tail = (range.lowerBound, [])
        }
        guard range.lowerBound >= tail.start else { throw beyondLimit(range) }
        while position < range.upperBound {
            let chunk = try source.nextChunk()
            if chunk.isEmpty { return nil }
            let skipped = tail.start > position ? min(tail.start - position, UInt64(chunk.count)) : 0
            tail.bytes += chunk.dropFirst(Int(skipped))
            position += UInt64(chunk.count)
        }
        let start = Int(range.lowerBound - tail.start)
        return Array(tail.bytes[start..<start + Int(range.upperBound - range.lowerBound)])
    }

    private func beyondLimit(_ range: Range<UInt64>) -> ArchiveError {
        wasShort = true
        return ArchiveError(
            .overLimit, archive: source.name,
            expected: "ELF: its headers, and what the dynamic section names, in the first \(limit) bytes, or after it",
            found: "a part at \(range.lowerBound)")
    }

    /// Reads on until the file is kept up to `end`, or up to the limit.
    ///
    /// - Returns: whether it is kept up to `end`.
    private func keep(upTo end: UInt64) throws(ArchiveError) -> Bool {
        while UInt64(kept.count) < end {
            // After a part that was not kept, nothing more can be appended.
            guard position == kept.count, kept.count < limit, try keepChunk() else { return false }
        }
        return true
    }

    private func keepChunk() throws(ArchiveError) -> Bool {
        let chunk = try source.nextChunk()
        hasEnded = chunk.isEmpty
        guard !chunk.isEmpty else { return false }
        // An array that grows holds its contents twice, and up to twice the room. What a large file needs is known.
        if kept.count < Self.large, kept.count + chunk.count >= Self.large {
            kept.reserveCapacity(Int(min(size, UInt64(limit))) + chunk.count)
        }
        kept += chunk
        position += UInt64(chunk.count)
        return true
    }
}
