import CArchive
import Glibc

/// One libarchive reader, fed from a `ByteSource`.
///
/// After a fatal error libarchive fails for ever, so the first failure is kept and thrown again.
final class Libarchive {
    /// The state of libarchive's read callback.
    private final class Feed {
        let source: any ByteSource
        var failure: ArchiveError?
        /// While a header is read: its bytes so far, and the most allowed.
        var header: (count: Int, limit: Int)?

        init(_ source: any ByteSource) {
            self.source = source
        }

        func read(into buffer: UnsafeMutablePointer<UnsafeRawPointer?>) -> la_ssize_t {
            do throws(ArchiveError) {
                if let header, header.count > header.limit {
                    throw ArchiveError(
                        .overLimit, archive: source.name,
                        expected: "headers of at most \(header.limit) bytes for one entry (--limit headers=N)",
                        found: "more")
                }
                let chunk = try source.nextChunk()
                header?.count += chunk.count
                buffer.pointee = chunk.baseAddress
                return chunk.count
            } catch {
                failure = error
                return la_ssize_t(ARCHIVE_FATAL)
            }
        }

        func skip(_ count: la_int64_t) -> la_int64_t {
            guard count > 0, let source = source as? any SkippingByteSource else { return 0 }
            return la_int64_t(clamping: source.skip(UInt64(count)))
        }
    }

    let handle: OpaquePointer
    private let feed: Feed
    private var failure: ArchiveError?
    /// Whether a header was read whose contents were not skipped yet.
    private var isInEntry = false

    var name: String { feed.source.name }

    /// - Parameters:
    ///   - source: the bytes to read.
    ///   - enable: chooses formats and filters, and returns libarchive's status.
    init(_ source: any ByteSource, enable: (OpaquePointer) -> CInt) throws(ArchiveError) {
        guard let handle = archive_read_new() else {
            throw ArchiveError(archive: source.name, doing: "set up libarchive", errno: ENOMEM)
        }
        self.handle = handle
        feed = Feed(source)
        let enabled = enable(handle)
        guard enabled == ARCHIVE_OK else { throw error(expected: "libarchive to support the format") }
        let context = Unmanaged.passUnretained(feed).toOpaque()
        let status = archive_read_open2(
            handle, context, nil,
            { _, context, buffer in
                guard let context, let buffer else { return la_ssize_t(ARCHIVE_FATAL) }
                return Unmanaged<Feed>.fromOpaque(context).takeUnretainedValue().read(into: buffer)
            },
            { _, context, count in
                context.map { Unmanaged<Feed>.fromOpaque($0).takeUnretainedValue().skip(count) } ?? 0
            }, nil)
        guard status == ARCHIVE_OK else { throw error(expected: "an archive") }
    }

    deinit {
        archive_read_free(handle)
    }

    /// Reads the next header.
    ///
    /// - Parameter limit: the most bytes for the header, not counting the chunk that completes it.
    /// - Returns: libarchive's status, and the entry.
    func nextHeader(limit: Int) -> (status: CInt, entry: OpaquePointer?) {
        // The rest of the previous entry is not part of the header.
        if isInEntry {
            let skipped = archive_read_data_skip(handle)
            guard skipped == ARCHIVE_OK else { return (skipped, nil) }
        }
        feed.header = (0, limit)
        defer { feed.header = nil }
        var entry: OpaquePointer?
        let status = archive_read_next_header(handle, &entry)
        isInEntry = status == ARCHIVE_OK || status == ARCHIVE_WARN
        return (status, entry)
    }

    /// Throws the failure that ended the reading, if any.
    func checkUsable() throws(ArchiveError) {
        if let failure { throw failure }
    }

    /// The error of libarchive's last call. Every later use throws it.
    func error(expected: String, entry: String? = nil) -> ArchiveError {
        let error =
            feed.failure ?? shortage(entry)
            ?? ArchiveError(
                .corrupt, archive: name, entry: entry, expected: expected,
                found: message ?? "an error that libarchive does not name")
        failure = error
        return error
    }

    /// A shortage of memory is not the archive's fault. A filter that reaches its limit says "Out of memory", and that
    /// is.
    private func shortage(_ entry: String?) -> ArchiveError? {
        guard archive_errno(handle) == ENOMEM, message?.hasSuffix("Out of memory") != true else { return nil }
        return ArchiveError(archive: name, entry: entry, doing: "read it: \(message ?? "libarchive")", errno: ENOMEM)
    }

    /// Remembers a failure found by the caller. Every later use throws it.
    func fail(_ error: ArchiveError) -> ArchiveError {
        failure = error
        return error
    }

    var message: String? {
        archive_error_string(handle).map { String(cString: $0) }
    }
}
