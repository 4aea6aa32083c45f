import CArchive
import Glibc

/// Decompresses gzip, one member after another, for `DecompressedSource`, which repeats errors. Checks every member's
/// CRC-32 and length, as libarchive's gzip filter does not: a flipped bit would pass.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc1952>
final class GzipSource: ByteSource {
    private static let chunk = 128 << 10
    /// The largest window, plus 16 for gzip's header and trailer around the data.
    private static let windowBits: Int32 = 15 + 16

    let name: String
    private let upstream: any ByteSource
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let output = UnsafeMutablePointer<UInt8>.allocate(capacity: chunk)
    private let takesPadding: Bool
    /// The header that is being read; nil within data.
    private var header: GzipHeader?
    private var inputEnded = false
    /// Between two members, where zeros may stand if `takesPadding`.
    private var isBetweenMembers = false
    private var ended = false

    /// - Parameter takesPadding: whether to read as gzip(1) does, for which zeros may stand behind a member, or as Go's
    ///   programs do.
    init(_ upstream: any ByteSource, takesPadding: Bool = true) throws(ArchiveError) {
        self.takesPadding = takesPadding
        header = GzipHeader(isGo: !takesPadding)
        name = upstream.name
        self.upstream = upstream
        stream.initialize(to: z_stream())
        guard inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw ArchiveError(archive: name, doing: "set up the gzip decoder", errno: ENOMEM)
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        stream.pointee.next_out = output
        stream.pointee.avail_out = UInt32(Self.chunk)
        while !ended, stream.pointee.avail_out == Self.chunk {
            if stream.pointee.avail_in == 0, !inputEnded { try refill() }
            if isBetweenMembers {
                try beginMember()
                continue
            }
            if header != nil {
                try readHeader()
                continue
            }
            switch inflate(stream, Z_NO_FLUSH) {
            case Z_OK: break
            case Z_STREAM_END: isBetweenMembers = true
            case Z_BUF_ERROR where !inputEnded: break
            case Z_BUF_ERROR: throw corrupt(found: "the end of the compressed data")
            case Z_MEM_ERROR: throw ArchiveError(archive: name, doing: "decompress gzip", errno: ENOMEM)
            default: throw corrupt(found: stream.pointee.msg.map { String(cString: $0) } ?? "damaged data")
            }
        }
        return UnsafeRawBufferPointer(start: output, count: Self.chunk - Int(stream.pointee.avail_out))
    }

    private func refill() throws(ArchiveError) {
        let chunk = try upstream.nextChunk()
        inputEnded = chunk.isEmpty
        // zlib declares its input as mutable, but only reads it.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: chunk.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(chunk.count)
    }

    /// Skips padding. Another member must follow them.
    private func beginMember() throws(ArchiveError) {
        while takesPadding, stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        }
        guard stream.pointee.avail_in > 0 else {
            ended = inputEnded
            return
        }
        guard stream.pointee.next_in.pointee == 0x1f, inflateReset(stream) == Z_OK else {
            throw corrupt(expected: "another gzip member or the end", found: "bytes that begin none")
        }
        isBetweenMembers = false
        header = GzipHeader(isGo: !takesPadding)
    }

    /// Reads a header, or what has come of it.
    private func readHeader() throws(ArchiveError) {
        guard stream.pointee.avail_in > 0 else { throw corrupt(found: "the end of the compressed data") }
        while stream.pointee.avail_in > 0, header?.isComplete == false {
            if let why = header?.take(stream.pointee.next_in.pointee) { throw corrupt(found: why) }
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        }
        if header?.isComplete == true {
            header = nil
            try passPlainHeader()
        }
    }

    /// Gives zlib a header without fields and flags in the place of the real one: it takes less than Go.
    private func passPlainHeader() throws(ArchiveError) {
        let (next, count) = (stream.pointee.next_in, stream.pointee.avail_in)
        var plain: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]
        let result = plain.withUnsafeMutableBufferPointer { bytes in
            stream.pointee.next_in = bytes.baseAddress
            stream.pointee.avail_in = UInt32(bytes.count)
            return inflate(stream, Z_NO_FLUSH)
        }
        guard result == Z_OK, stream.pointee.avail_in == 0 else { throw corrupt(found: "damaged data") }
        (stream.pointee.next_in, stream.pointee.avail_in) = (next, count)
    }

    private func corrupt(expected: String = "gzip data", found: String) -> ArchiveError {
        ArchiveError(.corrupt, archive: name, expected: expected, found: found)
    }
}
