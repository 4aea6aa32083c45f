import CArchive

/// One libarchive reader, fed from a `ByteSource`.
///
/// After a fatal error libarchive returns it for ever, so the first failure is kept and thrown again.
final class Libarchive {
    /// What libarchive's read callback works with.
    private final class Feed {
        let source: any ByteSource
        var failure: ArchiveError?

        init(_ source: any ByteSource) {
            self.source = source
        }

        func read(into buffer: UnsafeMutablePointer<UnsafeRawPointer?>) -> la_ssize_t {
            do throws(ArchiveError) {
                let chunk = try source.nextChunk()
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

    var name: String { feed.source.name }

    /// - Parameters:
    ///   - source: the bytes to read.
    ///   - enable: chooses formats and filters, returning libarchive's status.
    init(_ source: any ByteSource, enable: (OpaquePointer) -> CInt) throws(ArchiveError) {
        guard let handle = archive_read_new() else {
            throw ArchiveError(archive: source.name, doing: "set up libarchive", errno: 12)
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

    /// Throws the failure that ended the reading, where there was one.
    func checkUsable() throws(ArchiveError) {
        if let failure { throw failure }
    }

    /// The error that libarchive's last call ended with; from now on every use throws it.
    func error(expected: String, entry: String? = nil) -> ArchiveError {
        let error =
            feed.failure
            ?? ArchiveError(
                .corrupt, archive: name, entry: entry, expected: expected,
                found: message ?? "an error that libarchive does not name")
        failure = error
        return error
    }

    /// Remembers a failure found by the caller; from now on every use throws it.
    func fail(_ error: ArchiveError) -> ArchiveError {
        failure = error
        return error
    }

    var message: String? {
        archive_error_string(handle).map { String(cString: $0) }
    }
}
