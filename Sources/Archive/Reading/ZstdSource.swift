import CArchive
import Glibc

/// Decompresses zstd in no more memory than allowed, for `DecompressedSource`, which repeats errors.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc8878>
final class ZstdSource: ByteSource {
    let name: String
    private let upstream: any ByteSource
    private let limit: UInt64
    private let windows: WindowPool
    private var lease: WindowPool.Lease?
    private let decoder: OpaquePointer
    private let output: UnsafeMutableRawBufferPointer
    private var input = UnsafeRawBufferPointer(start: nil, count: 0)
    /// A frame's header, taken from the input to be inspected, and how much of it the decoder has taken.
    private var head: [UInt8] = []
    private var headTaken = 0
    private var isInFrame = false

    init(_ upstream: any ByteSource, limit: UInt64, windows: WindowPool) throws(ArchiveError) {
        name = upstream.name
        self.upstream = upstream
        self.limit = limit
        self.windows = windows
        guard let decoder = ZSTD_createDCtx() else {
            throw ArchiveError(archive: upstream.name, doing: "set up the zstd decoder", errno: ENOMEM)
        }
        self.decoder = decoder
        output = .allocate(byteCount: ZSTD_DStreamOutSize(), alignment: 16)
        // `beginFrame` checks the window. The decoder's default limit is lower than `limit` may be.
        ZSTD_DCtx_setParameter(decoder, ZSTD_d_windowLogMax, ZSTD_dParam_getBounds(ZSTD_d_windowLogMax).upperBound)
    }

    deinit {
        ZSTD_freeDCtx(decoder)
        output.deallocate()
    }

    func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        while true {
            if !isInFrame {
                guard try beginFrame() else { return UnsafeRawBufferPointer(start: nil, count: 0) }
            }
            let count = try decode()
            if count > 0 { return UnsafeRawBufferPointer(rebasing: output[..<count]) }
        }
    }

    /// Reads the header of a frame; false at the end of the data.
    private func beginFrame() throws(ArchiveError) -> Bool {
        // The previous frame may be shorter than the longest header: the rest of `head` belongs to this one.
        head.removeFirst(headTaken)
        headTaken = 0
        while head.count < ZstdFrame.longestHeader, try fill() {
            let part = input.prefix(ZstdFrame.longestHeader - head.count)
            head.append(contentsOf: part)
            input = UnsafeRawBufferPointer(rebasing: input[part.count...])
        }
        guard !head.isEmpty else { return false }
        if let window = ZstdFrame.window(head) {
            guard window <= limit else { throw .window(window, limit: limit, archive: name) }
            lease = windows.lease(window, holding: lease)
        }
        isInFrame = true
        return true
    }

    /// - Returns: the number of bytes in `output`.
    private func decode() throws(ArchiveError) -> Int {
        var out = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let left: Int
        if headTaken < head.count {
            let (taken, result) = head.withUnsafeBytes { head in
                var part = ZSTD_inBuffer(src: head.baseAddress, size: head.count, pos: headTaken)
                let result = ZSTD_decompressStream(decoder, &out, &part)
                return (part.pos, result)
            }
            headTaken = taken
            left = result
        } else {
            let isMore = try fill()
            var part = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
            left = ZSTD_decompressStream(decoder, &out, &part)
            input = UnsafeRawBufferPointer(rebasing: input[part.pos...])
            guard isMore || out.pos > 0 || left == 0 else { throw corrupt("the end of the compressed data") }
        }
        guard ZSTD_isError(left) == 0 else { throw corrupt(String(cString: ZSTD_getErrorName(left))) }
        if left == 0 { isInFrame = false }
        return out.pos
    }

    private func fill() throws(ArchiveError) -> Bool {
        if input.isEmpty { input = try upstream.nextChunk() }
        return !input.isEmpty
    }

    private func corrupt(_ found: String) -> ArchiveError {
        ArchiveError(.corrupt, archive: name, expected: "zstd data", found: found)
    }
}

/// The header of a zstd frame.
enum ZstdFrame {
    /// Magic number, descriptor, window, dictionary and size of the contents, in bytes.
    static let longestHeader = 4 + 1 + 1 + 4 + 8

    /// The window that a frame needs, in bytes; nil for a frame without one, and for an invalid header.
    ///
    /// Source: <https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1.1>
    static func window(_ head: [UInt8]) -> UInt64? {
        guard head.count >= 6, head.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) else { return nil }
        let descriptor = head[4]
        guard descriptor & 0x20 != 0 else {
            let base = UInt64(1) << (10 + UInt64(head[5] >> 3))
            return base + base / 8 * UInt64(head[5] & 7)
        }
        // Single segment: the window has the size of the contents.
        let dictionary = [0, 1, 2, 4][Int(descriptor & 3)]
        let size = [1, 2, 4, 8][Int(descriptor >> 6)]
        let field = head.dropFirst(5 + dictionary).prefix(size)
        guard field.count == size else { return nil }
        let value = field.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        return size == 2 ? value + 256 : value
    }
}
