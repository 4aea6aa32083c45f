/// Parses the headers of a tar on their way to libarchive, and takes out what Assay does not need.
///
/// libarchive keeps access control lists in a linked list, which it searches for each item: a header of 1 MiB, which
/// compresses to a few hundred bytes, takes minutes. No option turns that off. So their keys are changed to unknown
/// ones, which libarchive ignores.
///
/// libarchive also converts link targets between character sets, which takes longer than all the rest. So long targets
/// are taken out too, and handed to the reader.
///
/// If the two disagree on where a header begins, the reader refuses the archive: see `nextEntry`.
///
/// Source: <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html>, "EXTENDED DESCRIPTION",
/// <https://www.gnu.org/software/tar/manual/html_node/Standard.html>
final class TarBlocks: SkippingByteSource {
    private enum State {
        case header
        /// The rest of the last header's body in bytes, padding included.
        case body(UInt64)
        /// The bytes of pax records, padding included.
        case records(Int)
        /// Blocks that continue a sparse file's map in GNU's older format, before a body of this many bytes.
        case map(body: UInt64)
        /// After one block of zeros. Only a second one makes the end.
        case zero
        /// After the last header, or after something that libarchive will refuse.
        case end
    }

    /// What libarchive does not tell of an entry.
    struct Entry {
        /// The offset of its first header.
        var beginning: UInt64
        /// Its link's target, if that was taken out.
        var target: [UInt8]?
        /// The type in its header.
        var type: UInt8
    }

    /// The largest access control list in Solaris tar's format, in bytes: it cannot be taken out.
    private static let largestList: UInt64 = 4096

    var name: String { upstream.name }
    private let upstream: any ByteSource
    private let limits: ArchiveLimits
    private var state = State.header
    /// The part of the last chunk that was not passed on yet.
    private var rest = UnsafeRawBufferPointer(start: nil, count: 0)
    /// A header, or a part of it.
    private var block: [UInt8] = []
    /// Records that were changed; valid until the next call.
    private var edited = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var position: UInt64 = 0
    /// The offset of the next entry's first header; nil before that header.
    private var beginning: UInt64?
    /// The next entry's size, if an extended header gives it.
    private var size: UInt64?
    /// Whether the records are a global header's, which libarchive does not apply.
    private var isGlobal = false
    /// The next entry's link target, if an extended header gives a long one.
    private var target: [UInt8]?
    /// The type of a header before the next entry's own that only libarchive passes over.
    private var oddType: UInt8?
    private var entries: [Entry] = []
    private var taken = 0
    /// What is wrong with the next block. Thrown once everything before it was passed on: results must not depend on
    /// where chunks end.
    private var failure: ArchiveError?

    init(_ upstream: any ByteSource, limits: ArchiveLimits) {
        self.upstream = upstream
        self.limits = limits
    }

    deinit {
        edited.deallocate()
    }

    /// The next entry; nil if none was passed on.
    func nextEntry() -> Entry? {
        guard taken < entries.count else { return nil }
        defer {
            taken += 1
            if taken == entries.count {
                entries.removeAll(keepingCapacity: true)
                taken = 0
            }
        }
        return entries[taken]
    }

    /// Reads what libarchive leaves unread: after one block of zeros it does not ask for a second one in another chunk.
    ///
    /// - Throws: `ArchiveError` for a tar without a proper end.
    func finish() throws(ArchiveError) {
        while case .zero = state {
            if try nextChunk().isEmpty { break }
        }
        if let failure { throw failure }
        guard case .zero = state, !block.isEmpty else { return }
        throw loneZeros(found: "one, and \(block.count) bytes behind it")
    }

    func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        if let failure { throw failure }
        if rest.isEmpty { rest = try upstream.nextChunk() }
        if case .records(let count) = state, !rest.isEmpty { return try records(count) }
        let chunk = rest
        var used = 0
        scan: while used < chunk.count {
            switch state {
            case .end:
                used = chunk.count
            case .body(let left):
                let count = Int(min(left, UInt64(chunk.count - used)))
                used += count
                state = left == UInt64(count) ? .header : .body(left - UInt64(count))
            case .header, .map, .zero:
                let count = min(TarHeader.size - block.count, chunk.count - used)
                block.append(contentsOf: chunk[used..<used + count])
                if block.count == TarHeader.size {
                    do throws(ArchiveError) {
                        try readBlock(at: position + UInt64(used + count) - UInt64(TarHeader.size))
                    } catch {
                        failure = error
                        if used == 0 { throw error }
                        break scan
                    }
                }
                used += count
            case .records(let count):
                let found = UnsafeRawBufferPointer(rebasing: chunk[used...].prefix(count))
                guard found.count == count, !PaxRecords.hasList(found), !PaxRecords.mayHaveLongTarget(found) else {
                    break scan
                }
                if !isGlobal {
                    if let malformed = PaxRecords.malformed(found) {
                        failure = refused(malformed)
                        if used == 0 { throw refused(malformed) }
                        break scan
                    }
                    size = PaxRecords.size(found) ?? size
                }
                used += count
                state = .header
            }
        }
        rest = UnsafeRawBufferPointer(rebasing: chunk[used...])
        position += UInt64(used)
        return UnsafeRawBufferPointer(rebasing: chunk[..<used])
    }

    func skip(_ count: UInt64) -> UInt64 {
        guard rest.isEmpty, case .body(let left) = state, let upstream = upstream as? any SkippingByteSource else {
            return 0
        }
        let skipped = upstream.skip(min(count, left))
        state = left == skipped ? .header : .body(left - skipped)
        position += skipped
        return skipped
    }

    /// Returns records that span chunks or have to be changed.
    private func records(_ count: Int) throws(ArchiveError) -> UnsafeRawBufferPointer {
        edited.deallocate()
        edited = .allocate(byteCount: count, alignment: 16)
        var filled = 0
        while filled < count {
            if rest.isEmpty { rest = try upstream.nextChunk() }
            // libarchive reports what is missing.
            if rest.isEmpty { break }
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(count - filled))
            UnsafeMutableRawBufferPointer(rebasing: edited[filled...]).copyMemory(from: part)
            filled += part.count
            rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
        }
        let records = UnsafeMutableRawBufferPointer(rebasing: edited[..<filled])
        PaxRecords.hideLists(records)
        if !isGlobal, let malformed = PaxRecords.malformed(UnsafeRawBufferPointer(records)) {
            let error = refused(malformed)
            failure = error
            throw error
        }
        if !isGlobal { target = PaxRecords.takeLongTarget(records) }
        if !isGlobal { size = PaxRecords.size(UnsafeRawBufferPointer(records)) ?? size }
        state = .header
        position += UInt64(filled)
        return UnsafeRawBufferPointer(records)
    }

    private func readBlock(at start: UInt64) throws(ArchiveError) {
        defer { block.removeAll(keepingCapacity: true) }
        if case .map(let body) = state {
            if block[504] == 0 { state = .body(body) }
            if body == 0, block[504] == 0 { state = .header }
            return
        }
        let isZero = block.allSatisfy { $0 == 0 }
        if case .zero = state {
            // libarchive takes one block for the end, and what follows would go unchecked. Go's reader, which most
            // engines use, refuses it.
            guard isZero else {
                throw loneZeros(found: "one, and more behind it")
            }
            state = .end
            return
        }
        guard !isZero, let header = TarHeader(block) else {
            state = isZero ? .zero : .end
            return
        }
        let from = beginning ?? start
        beginning = from
        guard start - from <= UInt64(limits.headerBytes) else { throw overLimit() }
        let padded = header.size.addingReportingOverflow(511)
        guard !padded.overflow else {
            state = .end
            return
        }
        switch header.type {
        case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "g"):
            guard header.size <= UInt64(limits.headerBytes) else { throw overLimit() }
            isGlobal = header.type == UInt8(ascii: "g")
            if header.type == UInt8(ascii: "X") { oddType = header.type }
            if !isGlobal { (size, target) = (nil, nil) }
            let count = Int(padded.partialValue & ~511)
            state = count > 0 ? .records(count) : .header
        case UInt8(ascii: "L"), UInt8(ascii: "K"), UInt8(ascii: "A"), UInt8(ascii: "V"):
            guard header.size <= UInt64(limits.headerBytes) else { throw overLimit() }
            guard header.type != UInt8(ascii: "A") || header.size <= Self.largestList else {
                throw ArchiveError(
                    .overLimit, archive: name, expected: "an access control list of at most \(Self.largestList) bytes",
                    found: "\(header.size) bytes")
            }
            if header.type == UInt8(ascii: "A") || header.type == UInt8(ascii: "V") { oddType = header.type }
            state = header.size > 0 ? .body(padded.partialValue & ~511) : .header
        default:
            entries.append(Entry(beginning: from, target: target, type: oddType ?? header.type))
            (target, oddType) = (nil, nil)
            beginning = nil
            let body = (size ?? header.bodySize).addingReportingOverflow(511)
            size = nil
            guard !body.overflow else {
                state = .end
                return
            }
            let stored = body.partialValue & ~511
            state = header.isMapContinued ? .map(body: stored) : stored > 0 ? .body(stored) : .header
        }
    }

    private func loneZeros(found: String) -> ArchiveError {
        ArchiveError(.corrupt, archive: name, expected: "two blocks of zeros at the end", found: found)
    }

    private func refused(_ record: String) -> ArchiveError {
        ArchiveError(
            .corrupt, archive: name, expected: "numbers and names in an extended header, as engines read them",
            found: record)
    }

    private func overLimit() -> ArchiveError {
        ArchiveError(
            .overLimit, archive: name,
            expected: "headers of at most \(limits.headerBytes) bytes for one entry (--limit headers=N)", found: "more")
    }
}
