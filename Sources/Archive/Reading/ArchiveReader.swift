import CArchive

/// Reads a tar archive, entry by entry, in one pass.
///
/// libarchive's warnings are errors here, except for names that are not in the locale's character set: names are bytes.
/// Limits apply to everything that is read.
public final class ArchiveReader {
    /// The archive's name in errors.
    public let name: String
    private let archive: Libarchive
    private let blocks: TarBlocks
    private let limits: ArchiveLimits
    private let requiresEndMarker: Bool
    private var current: EntryPath?
    private var entryCount = 0
    private var byteCount: UInt64 = 0
    private var holeCount: UInt64 = 0
    /// The current entry's size, and where in it the last part ended.
    private var size: UInt64 = 0
    private var partEnd: UInt64 = 0
    private var ended = false

    /// - Parameters:
    ///   - source: the tar's bytes, already decompressed: see `DecompressedSource`.
    ///   - requiresEndMarker: whether an archive that stops after an entry, without the zeros that end a tar, is
    ///     corrupt. Turn it off only if a digest shows that all bytes are there.
    public init(
        _ source: any ByteSource, limits: ArchiveLimits = ArchiveLimits(), requiresEndMarker: Bool = true
    ) throws(ArchiveError) {
        name = source.name
        self.limits = limits
        self.requiresEndMarker = requiresEndMarker
        blocks = TarBlocks(source, limits: limits)
        archive = try Libarchive(blocks) { handle in archive_read_support_format_tar(handle) }
    }

    /// The next entry, or nil at the end. Skips what is left of the previous one.
    ///
    /// - Throws: `ArchiveError` if the archive is damaged, unsafe, not read here, or over a limit. The reader is then
    ///   unusable.
    public func next() throws(ArchiveError) -> ArchiveEntry? {
        try archive.checkUsable()
        if ended { return nil }
        let (status, pointer) = archive.nextHeader(limit: limits.headerBytes)
        switch status {
        case ARCHIVE_OK:
            break
        case ARCHIVE_EOF:
            try finish()
            return nil
        case ARCHIVE_WARN where archive.message?.contains("can't be converted") == true:
            break
        default:
            throw archive.error(expected: "a tar header", entry: current.map { "after \($0)" })
        }
        guard let pointer else { throw archive.error(expected: "a tar header") }
        guard let begun = blocks.nextEntry(), begun.beginning == headerPosition else {
            throw archive.fail(
                ArchiveError(
                    .corrupt, archive: name, entry: current.map { "after \($0)" },
                    expected: "a tar in which it is certain where each header begins", found: "another"))
        }
        entryCount += 1
        guard entryCount <= limits.entries else {
            throw archive.fail(
                ArchiveError(
                    .overLimit, archive: name, expected: "at most \(limits.entries) entries (--limit entries=N)",
                    found: "more"))
        }
        do throws(ArchiveError) {
            var entry = try EntryReading(pointer, target: begun.target, archive: name, limits: limits).entry()
            entry.type = begun.type
            current = entry.path
            // An old type of zero with a slash is a directory to all.
            if case .directory = entry.kind, entry.type == UInt8(ascii: "0") {
                throw ArchiveError(
                    .notRead, archive: name, entry: entry.path.description,
                    expected: "a file's name without a slash at its end",
                    found: "one with it: a file to Go's programs, a directory to tar and libarchive")
            }
            size = entry.size
            partEnd = 0
            try count(upTo: byteCount &+ entry.size, adding: entry.size)
            return entry
        } catch {
            throw archive.fail(error)
        }
    }

    /// The next part of the current entry's contents and its offset in them, or nil at their end. Gaps between parts
    /// are holes, which read as zeros. The buffer is valid until the next call.
    ///
    /// - Throws: `ArchiveError`, as `next()`.
    public func nextPart() throws(ArchiveError) -> (offset: UInt64, bytes: UnsafeRawBufferPointer)? {
        try archive.checkUsable()
        while true {
            var start: UnsafeRawPointer?
            var count = 0
            var offset: la_int64_t = 0
            switch archive_read_data_block(archive.handle, &start, &count, &offset) {
            case ARCHIVE_OK:
                guard count > 0 else { continue }
                let part = (UInt64(bitPattern: offset), UnsafeRawBufferPointer(start: start, count: count))
                // libarchive does not check a sparse file's map.
                guard part.0 <= size, UInt64(count) <= size - part.0 else {
                    throw archive.fail(
                        ArchiveError(
                            .corrupt, archive: name, entry: current?.description,
                            expected: "contents within the entry's \(size) bytes", found: "contents beyond them"))
                }
                try self.count(holeUpTo: part.0)
                partEnd = max(partEnd, part.0 &+ UInt64(count))
                return part
            case ARCHIVE_EOF:
                try self.count(holeUpTo: size)
                return nil
            default:
                throw archive.error(expected: "the entry's contents", entry: current?.description)
            }
        }
    }

    /// The offset of the current entry's first header, extended headers included; at the end, that of the end marker.
    var headerPosition: UInt64 {
        UInt64(clamping: archive_read_header_position(archive.handle))
    }

    /// The current entry's contents as a source, with zeros for holes. The next call of `next` exhausts it.
    public func contents(of entry: ArchiveEntry) -> EntrySource {
        EntrySource(self, entry: entry)
    }

    private func count(upTo total: UInt64, adding size: UInt64) throws(ArchiveError) {
        guard total >= size, total <= limits.bytes else {
            throw ArchiveError(
                .overLimit, archive: name, entry: current?.description,
                expected: "at most \(limits.bytes) bytes (--limit bytes=N)",
                found: "\(byteCount) and another \(size)")
        }
        byteCount = total
    }

    /// Like zeros in a compressed stream, holes cost almost nothing to store, but as much to read as any bytes.
    private func count(holeUpTo offset: UInt64) throws(ArchiveError) {
        let end = min(offset, size)
        guard end > partEnd else { return }
        holeCount += end - partEnd
        partEnd = end
        let stored = max(UInt64(clamping: archive_filter_bytes(archive.handle, 0)), 1)
        guard holeCount <= limits.ratioFloor || holeCount / stored <= limits.ratio else {
            throw archive.fail(
                ArchiveError(
                    .overLimit, archive: name, entry: current?.description,
                    expected: "holes of at most \(limits.ratio) bytes for each byte of the archive (--limit ratio=N)",
                    found: "\(holeCount) bytes of holes in \(stored)"))
        }
    }

    /// libarchive accepts the end of the bytes as the end of the archive, but a tar ends in blocks of zeros.
    private func finish() throws(ArchiveError) {
        ended = true
        do throws(ArchiveError) { try blocks.finish() } catch { throw archive.fail(error) }
        let consumed = archive_filter_bytes(archive.handle, 0) - archive_read_header_position(archive.handle)
        guard consumed >= 512 || !requiresEndMarker else {
            throw archive.fail(
                ArchiveError(
                    .corrupt, archive: name, entry: current.map { "after \($0)" },
                    expected: "another entry or the zeros that end a tar", found: "the end of the bytes"))
        }
    }
}
