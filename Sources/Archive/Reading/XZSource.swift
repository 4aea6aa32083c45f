import CArchive
import Glibc

/// Decompresses xz in no more memory than allowed, for `DecompressedSource`, which repeats errors. libarchive's own
/// filter takes up to 4 GiB if the stream asks for it.
///
/// Source: <https://tukaani.org/xz/xz-file-format.txt>
final class XZSource: ByteSource {
    private static let chunk = 256 << 10
    /// More than the decoder takes besides the dictionary, in bytes.
    private static let overhead: UInt64 = 1 << 20

    let name: String
    private let upstream: any ByteSource
    private let limit: UInt64
    private let windows: WindowPool
    private var lease: WindowPool.Lease?
    private let stream = UnsafeMutablePointer<lzma_stream>.allocate(capacity: 1)
    private let output = UnsafeMutablePointer<UInt8>.allocate(capacity: chunk)
    private var inputEnded = false
    private var ended = false

    init(_ upstream: any ByteSource, limit: UInt64, windows: WindowPool) throws(ArchiveError) {
        name = upstream.name
        self.upstream = upstream
        self.limit = limit
        self.windows = windows
        stream.initialize(to: assay_lzma_stream())
        // Allow only one byte at first, so that the decoder asks at each header.
        guard lzma_stream_decoder(stream, 1, assay_lzma_concatenated) == LZMA_OK else {
            throw ArchiveError(archive: name, doing: "set up the xz decoder", errno: ENOMEM)
        }
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
        output.deallocate()
    }

    func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        stream.pointee.next_out = output
        stream.pointee.avail_out = Self.chunk
        while !ended, stream.pointee.avail_out == Self.chunk {
            if stream.pointee.avail_in == 0, !inputEnded {
                let chunk = try upstream.nextChunk()
                inputEnded = chunk.isEmpty
                stream.pointee.next_in = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_in = chunk.count
            }
            switch lzma_code(stream, inputEnded ? LZMA_FINISH : LZMA_RUN) {
            case LZMA_OK: break
            case LZMA_STREAM_END: ended = true
            case LZMA_MEMLIMIT_ERROR: try grow()
            case LZMA_BUF_ERROR where !inputEnded: break
            case LZMA_BUF_ERROR: throw corrupt("the end of the compressed data")
            case LZMA_MEM_ERROR: throw ArchiveError(archive: name, doing: "decompress xz", errno: ENOMEM)
            case LZMA_FORMAT_ERROR: throw corrupt("other bytes than an xz header")
            case LZMA_OPTIONS_ERROR: throw corrupt("options that do not exist")
            default: throw corrupt("damaged data")
            }
        }
        return UnsafeRawBufferPointer(start: output, count: Self.chunk - stream.pointee.avail_out)
    }

    /// Raises the decoder's memory limit to what comes next.
    private func grow() throws(ArchiveError) {
        let needed = lzma_memusage(stream)
        guard needed <= limit || needed - limit <= Self.overhead else {
            throw .window(needed, limit: limit, archive: name)
        }
        lease = windows.lease(needed, holding: lease)
        guard lzma_memlimit_set(stream, needed) == LZMA_OK else {
            throw ArchiveError(archive: name, doing: "give the xz decoder \(needed) bytes", errno: ENOMEM)
        }
    }

    private func corrupt(_ found: String) -> ArchiveError {
        ArchiveError(.corrupt, archive: name, expected: "xz data", found: found)
    }
}
