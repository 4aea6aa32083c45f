import CArchive

/// Decompresses gzip, checking every member's CRC-32 and length, which libarchive's gzip filter leaves unchecked: a flipped
/// bit would pass.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc1952>
final class GzipSource: ByteSource {
    private enum Flag {
        static let headerCRC: UInt8 = 2
        static let extra: UInt8 = 4
        static let name: UInt8 = 8
        static let comment: UInt8 = 16
        static let reserved: UInt8 = 0xe0
    }

    let name: String
    private let inflater: Inflater
    private var failure: ArchiveError?
    private var insideMember = false
    private var members = 0
    private var ended = false
    private var checksum: UInt = 0
    private var count: UInt64 = 0

    init(_ upstream: any ByteSource) {
        name = upstream.name
        inflater = Inflater(upstream)
    }

    func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        if let failure { throw failure }
        do throws(ArchiveError) {
            while !ended {
                if !insideMember { try beginMember() }
                if ended { break }
                switch try inflater.next() {
                case .failure(let fault):
                    throw corrupt(expected: "gzip data", found: fault.rawValue)
                case .success(let chunk) where chunk.isEmpty:
                    try endMember()
                case .success(let chunk):
                    checksum = crc32_z(checksum, chunk.baseAddress?.assumingMemoryBound(to: UInt8.self), chunk.count)
                    count += UInt64(chunk.count)
                    return chunk
                }
            }
            return UnsafeRawBufferPointer(start: nil, count: 0)
        } catch {
            failure = error
            throw error
        }
    }

    /// Skips zeros that pad the end of a file; anything else must be another member.
    private func beginMember() throws(ArchiveError) {
        var first = try inflater.input.takeByte()
        if members > 0 {
            while first == 0 { first = try inflater.input.takeByte() }
            guard first != nil else {
                ended = true
                return
            }
        }
        guard first == 0x1f, try inflater.input.takeByte() == 0x8b else {
            throw corrupt(
                expected: members > 0 ? "another gzip member or the end" : "a gzip header", found: "other bytes")
        }
        guard try byte() == 8 else { throw corrupt(expected: "compression method 8", found: "another") }
        let flags = try byte()
        guard flags & Flag.reserved == 0 else {
            throw corrupt(expected: "gzip flags", found: "0x\(String(flags, radix: 16))")
        }
        for _ in 0..<6 { _ = try byte() }
        if flags & Flag.extra != 0 {
            let length = Int(try byte()) + Int(try byte()) << 8
            for _ in 0..<length { _ = try byte() }
        }
        if flags & Flag.name != 0 { while try byte() != 0 {} }
        if flags & Flag.comment != 0 { while try byte() != 0 {} }
        if flags & Flag.headerCRC != 0 { for _ in 0..<2 { _ = try byte() } }
        insideMember = true
        checksum = crc32_z(0, nil, 0)
        count = 0
        inflater.begin()
    }

    private func endMember() throws(ArchiveError) {
        let expected = try word()
        guard expected == UInt32(truncatingIfNeeded: checksum) else {
            throw corrupt(
                expected: "data with CRC-32 \(String(expected, radix: 16))",
                found: String(checksum, radix: 16))
        }
        let size = try word()
        guard size == UInt32(truncatingIfNeeded: count) else {
            throw corrupt(expected: "\(size) bytes", found: "\(count)")
        }
        insideMember = false
        members += 1
    }

    private func word() throws(ArchiveError) -> UInt32 {
        var value: UInt32 = 0
        for shift in [0, 8, 16, 24] as [UInt32] { value |= UInt32(try byte()) << shift }
        return value
    }

    private func byte() throws(ArchiveError) -> UInt8 {
        guard let byte = try inflater.input.takeByte() else {
            throw corrupt(expected: "more gzip data", found: "the end of the compressed data")
        }
        return byte
    }

    private func corrupt(expected: String, found: String) -> ArchiveError {
        ArchiveError(.corrupt, archive: name, expected: expected, found: found)
    }
}
