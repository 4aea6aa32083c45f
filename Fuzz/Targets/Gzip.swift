import CArchive

@testable import Archive

extension FuzzTarget {
    /// Whole gzip files, read in pieces and compared with zlib's result for whole members.
    static let gzip = FuzzTarget(name: "gzip") { bytes in
        // A stream without the magic is never read as gzip.
        guard bytes.starts(with: [0x1f, 0x8b]) else { return }
        let (expected, status) = Zlib.members(bytes)
        let found = Result { try GzipSource(PiecewiseSource(bytes, name: "gzip")).readAll(limit: Zlib.largest) }
        switch (status, found) {
        case (.right, .success(let plain)): require(plain == expected, "the same bytes as zlib")
        case (.right, .failure(let error)): require(false, "zlib reads it, and Assay says \(error)")
        case (.tooLarge, _), (.wrong, .failure): break
        case (.wrong, .success): require(false, "zlib refuses it, and Assay reads it")
        }
    }
}

/// zlib, given a whole member at once.
enum Zlib {
    enum Status { case right, tooLarge, wrong }

    static let largest = 4 << 20

    /// Decompresses every member of a file. Zeros may follow, as in Assay.
    static func members(_ bytes: [UInt8]) -> (plain: [UInt8], status: Status) {
        var plain: [UInt8] = []
        var rest = bytes[...]
        repeat {
            guard rest.starts(with: [0x1f, 0x8b]) else { return (plain, .wrong) }
            let part = inflated(Array(rest))
            plain += part.plain
            if plain.count >= largest { return (plain, .tooLarge) }
            guard let used = part.used else { return (plain, .wrong) }
            rest = rest.dropFirst(used).drop { $0 == 0 }
        } while !rest.isEmpty
        return (plain, .right)
    }

    /// - Returns: the output, and the number of bytes taken; nil if the member is wrong or ends early.
    private static func inflated(_ bytes: [UInt8]) -> (plain: [UInt8], used: Int?) {
        var bytes = bytes
        var plain: [UInt8] = []
        var stream = z_stream()
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return ([], nil)
        }
        defer { inflateEnd(&stream) }
        return bytes.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            var status = Z_OK
            var output = [UInt8](repeating: 0, count: 64 << 10)
            while status == Z_OK, plain.count < largest {
                let count = output.withUnsafeMutableBufferPointer { buffer in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(buffer.count)
                    status = CArchive.inflate(&stream, Z_NO_FLUSH)
                    return buffer.count - Int(stream.avail_out)
                }
                plain += output[..<count]
            }
            return (plain, status == Z_STREAM_END ? input.count - Int(stream.avail_in) : nil)
        }
    }
}
