import CArchive

@testable import Archive

extension FuzzTarget {
    /// Whole gzip files, held against zlib.
    static let gzip = FuzzTarget(name: "gzip") { bytes in
        // libarchive is not asked, and a stream without the magic is none of gzip's.
        guard bytes.starts(with: [0x1f, 0x8b]) else { return }
        let (expected, status) = Zlib.members(bytes)
        let found = Result { try GzipSource(PiecewiseSource(bytes, name: "gzip")).readAll(limit: Zlib.largest) }
        switch (status, found) {
        case (.right, .success(let plain)): require(plain == expected, "the same bytes as zlib")
        case (.right, .failure(let error)): require(false, "zlib reads it, and Assay says \(error)")
        // A header's own checksum is zlib's business alone; Assay takes the data's.
        case (.headerChecksum, _), (.tooLarge, _), (.wrong, .failure): break
        case (.wrong, .success): require(false, "zlib refuses it, and Assay reads it")
        }
    }

    /// Raw DEFLATE streams with the right checksum put behind them, held against zlib: what a wrong checksum would hide.
    static let deflate = FuzzTarget(name: "deflate") { bytes in
        let (plain, used) = Zlib.raw(bytes)
        guard plain.count < Zlib.largest else { return }
        let stream = used.map { Array(bytes[..<$0]) } ?? bytes
        var file: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255] + stream
        file += Zlib.trailer(of: plain)
        let found = Result { try GzipSource(PiecewiseSource(file, name: "deflate")).readAll(limit: Zlib.largest) }
        switch found {
        case .success(let bytes): require(used != nil && bytes == plain, "the same bytes as zlib")
        case .failure(let error): require(used == nil, "zlib reads it, and Assay says \(error)")
        }
    }
}

/// zlib, as the other opinion.
enum Zlib {
    enum Status { case right, headerChecksum, tooLarge, wrong }

    static let largest = 4 << 20

    /// Every member of a file, with zeros after the last as Assay allows them.
    static func members(_ bytes: [UInt8]) -> (plain: [UInt8], status: Status) {
        var plain: [UInt8] = []
        var rest = bytes[...]
        repeat {
            guard rest.starts(with: [0x1f, 0x8b]) else { return (plain, .wrong) }
            let part = inflated(Array(rest), windowBits: 31)
            plain += part.plain
            if plain.count >= largest { return (plain, .tooLarge) }
            guard let used = part.used else {
                // Bit 1 of the flags.
                let hasChecksum = rest.count > 3 && rest[rest.startIndex + 3] & 2 != 0
                return (plain, hasChecksum ? .headerChecksum : .wrong)
            }
            rest = rest.dropFirst(used).drop { $0 == 0 }
        } while !rest.isEmpty
        return (plain, .right)
    }

    /// - Returns: what came out, and how many bytes were taken; nil where the stream is wrong or ends early.
    static func raw(_ bytes: [UInt8]) -> (plain: [UInt8], used: Int?) { inflated(bytes, windowBits: -15) }

    static func trailer(of plain: [UInt8]) -> [UInt8] {
        let checksum = UInt32(truncatingIfNeeded: crc32_z(0, plain, plain.count))
        return [checksum, UInt32(plain.count)].flatMap { word in
            [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }

    private static func inflated(_ bytes: [UInt8], windowBits: Int32) -> (plain: [UInt8], used: Int?) {
        var bytes = bytes
        var plain: [UInt8] = []
        var stream = z_stream()
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
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
