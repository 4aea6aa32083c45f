import CArchive

/// Decompresses zstd or xz through libarchive.
final class FilterSource: ByteSource {
    private let archive: Libarchive
    private var ended = false

    var name: String { archive.name }

    init(_ upstream: any ByteSource, filter: Compression) throws(ArchiveError) {
        archive = try Libarchive(upstream) { handle in
            let enabled =
                switch filter {
                case .zstd: archive_read_support_filter_zstd(handle)
                case .xz: archive_read_support_filter_xz(handle)
                case .gzip, .none: ARCHIVE_FATAL
                }
            return enabled == ARCHIVE_OK ? archive_read_support_format_raw(handle) : enabled
        }
        var entry: OpaquePointer?
        switch archive_read_next_header(archive.handle, &entry) {
        case ARCHIVE_OK: break
        case ARCHIVE_EOF: ended = true
        default: throw archive.error(expected: "\(filter) data")
        }
    }

    func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        try archive.checkUsable()
        while !ended {
            var start: UnsafeRawPointer?
            var count = 0
            var offset: la_int64_t = 0
            switch archive_read_data_block(archive.handle, &start, &count, &offset) {
            case ARCHIVE_OK:
                if count > 0 { return UnsafeRawBufferPointer(start: start, count: count) }
            case ARCHIVE_EOF:
                ended = true
            default:
                throw archive.error(expected: "compressed data")
            }
        }
        return UnsafeRawBufferPointer(start: nil, count: 0)
    }
}
