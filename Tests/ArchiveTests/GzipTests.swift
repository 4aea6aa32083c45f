import Archive
import CArchive
import TestSupport
import Testing

@Suite struct GzipTests {
    private static func inflate(_ bytes: [UInt8]) throws -> [UInt8] {
        try DecompressedSource(MemorySource(bytes, name: "gzip")).readAll(limit: 64 << 20)
    }

    /// Data of every kind that compressors treat differently.
    private static func sample(_ kind: Int, count: Int) -> [UInt8] {
        var state = UInt32(truncatingIfNeeded: kind &* 7919 &+ 1)
        func random() -> UInt32 {
            state = state &* 1_664_525 &+ 1_013_904_223
            return state >> 8
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            switch kind {
            case 0: bytes.append(0)
            case 1: bytes.append(UInt8(truncatingIfNeeded: random()))
            case 2: bytes.append(UInt8(97 + random() % 4))
            case 3: bytes += Array("\(random() % 1000) the quick brown fox \(bytes.count)\n".utf8)
            case 4: bytes += repeatElement(UInt8(truncatingIfNeeded: random()), count: Int(random() % 700))
            default:
                // Matches at every distance, the longest included.
                let distance = min(bytes.count, Int(random() % 33_000))
                let length = Int(random() % 300)
                if distance == 0 || random() % 4 == 0 {
                    bytes.append(UInt8(truncatingIfNeeded: random()))
                } else {
                    for _ in 0..<length { bytes.append(bytes[bytes.count - distance]) }
                }
            }
        }
        return Array(bytes.prefix(count))
    }

    @Test(arguments: 0..<6, [1, 3, 6, 9])
    func whatGzipWroteComesOutAgain(kind: Int, level: Int) throws {
        for count in [0, 1, 100, 65_535, 200_003] {
            let plain = Self.sample(kind, count: count)
            let compressed = SystemTool.filter(plain, through: "gzip -nc -\(level)")
            #expect(try Self.inflate(compressed) == plain, "kind \(kind), level \(level), \(count) bytes")
        }
    }

    @Test func chunksOfAnySizeGiveTheSame() throws {
        for kind in 0..<6 {
            let plain = Self.sample(kind, count: 70_000)
            let compressed = SystemTool.filter(plain, through: "gzip -nc")
            #expect(try DecompressedSource(Dripping(compressed)).readAll(limit: 1 << 20) == plain)
        }
    }

    @Test func membersThatEndAnywhereInAChunkAreFollowedByTheNext() throws {
        // A trailer that is partly in the bits when new bytes come must not be lost.
        let plain = Self.sample(3, count: 400)
        let member = SystemTool.filter(plain, through: "gzip -nc")
        let stored = SystemTool.filter(Self.sample(1, count: 997), through: "gzip -nc")
        let members = (0..<300).flatMap { $0 % 3 == 0 ? stored : member }
        let expected = (0..<300).flatMap { $0 % 3 == 0 ? Self.sample(1, count: 997) : plain }
        #expect(try Self.inflate(members) == expected)
        #expect(try DecompressedSource(Dripping(members)).readAll(limit: 8 << 20) == expected)
    }

    @Test("names and comments are skipped, and the header's own checksum counts") func header() throws {
        let plain = Array("some text\n".utf8)
        let compressed = SystemTool.filter(plain, through: "gzip -nc")
        var header = Array(compressed[..<10])
        header[3] = 2 | 4 | 8 | 16
        header += [3, 0, 1, 2, 3] + Array("name".utf8) + [0] + Array("comment".utf8) + [0]
        let checksum = crc32_z(0, header, header.count)
        let low = UInt8(truncatingIfNeeded: checksum)
        let high = UInt8(truncatingIfNeeded: checksum >> 8)
        #expect(try Self.inflate(header + [low, high] + compressed[10...]) == plain)
        #expect(throws: ArchiveError.self) { try Self.inflate(header + [low ^ 1, high] + compressed[10...]) }
    }

    /// A member with this header, whose flags tell of these fields.
    private static func member(_ plain: [UInt8], flags: UInt8, fields: [UInt8]) -> [UInt8] {
        let compressed = SystemTool.filter(plain, through: "gzip -nc")
        return compressed[..<3] + [flags] + compressed[4..<10] + fields + compressed[10...]
    }

    @Test(
        "of headers a layer's reader takes what Go's take, and gzip(1) what RFC 1952 has",
        arguments: [
            ("none", 0, [], true, true), ("a reserved flag", 32, [], true, false),
            ("another one", 128, [], true, false), ("text", 1, [], true, true),
            ("an empty extra field", 4, [0, 0], true, true), ("an extra field", 4, [2, 0, 8, 8], true, true),
            ("a name", 8, Array("layer.tar\0".utf8), true, true),
            ("a name of 511 bytes", 8, [UInt8](repeating: 120, count: 511) + [0], true, true),
            ("a name of 512 bytes", 8, [UInt8](repeating: 120, count: 512) + [0], false, true),
            ("a comment of 512 bytes", 16, [UInt8](repeating: 120, count: 512) + [0], false, true),
            ("another method", 0, nil, false, false),
        ] as [(String, UInt8, [UInt8]?, Bool, Bool)])
    func headers(name: String, flags: UInt8, fields: [UInt8]?, isGo: Bool, isGzip: Bool) throws {
        let plain = Array("some text\n".utf8)
        var member = Self.member(plain, flags: flags, fields: fields ?? [])
        if fields == nil { member[2] = 7 }
        // The same as first and as second member, and byte by byte.
        for bytes in [member, Self.member([], flags: 0, fields: []) + member] {
            for (takesPadding, takes) in [(false, isGo), (true, isGzip)] {
                for source in [MemorySource(bytes, name: "gzip") as any ByteSource, Dripping(bytes)] {
                    let read = try? DecompressedSource(source, takesPadding: takesPadding).readAll(limit: 100)
                    #expect(read == (takes ? plain : nil), "\(name)")
                }
            }
        }
    }

    @Test("a checksum over more than the fixed header is refused in layers: podman does not take it") func headerCheck()
        throws
    {
        let plain = Array("some text\n".utf8)
        for (flags, fields, isGo) in [(2, [], true), (2 | 8, [120, 0], false)] as [(UInt8, [UInt8], Bool)] {
            let member = Self.member(plain, flags: flags, fields: fields)
            let count = 10 + fields.count
            let checksum = crc32_z(0, member, count)
            let whole =
                member[..<count] + [UInt8(truncatingIfNeeded: checksum), UInt8(truncatingIfNeeded: checksum >> 8)]
                + member[count...]
            #expect(try Self.inflate(Array(whole)) == plain)
            let read = try? DecompressedSource(MemorySource(Array(whole), name: "gzip"), takesPadding: false)
                .readAll(limit: 100)
            #expect(read == (isGo ? plain : nil))
        }
    }

    @Test func aWrongChecksumOrLengthIsNoticed() {
        let compressed = SystemTool.filter(Array("some text\n".utf8), through: "gzip -nc")
        for position in 1...8 {
            var damaged = compressed
            damaged[damaged.count - position] ^= 1
            let error = #expect(throws: ArchiveError.self) { try Self.inflate(damaged) }
            #expect(error?.code == .corrupt)
        }
    }

    @Test func whatFollowsTheLastMemberMustBeAnotherOrZeros() throws {
        let compressed = SystemTool.filter(Array("some text\n".utf8), through: "gzip -nc")
        #expect(try Self.inflate(compressed + [0, 0, 0]).count == 10)
        #expect(try Self.inflate(compressed + compressed).count == 20)
        #expect(throws: ArchiveError.self) { try Self.inflate(compressed + [1]) }
        #expect(throws: ArchiveError.self) { try Self.inflate(compressed + [0, 1]) }
    }

    @Test func damagedDataEndsInAnErrorOrTheRightData() {
        for kind in 0..<6 {
            let plain = Self.sample(kind, count: 30_000)
            let whole = SystemTool.filter(plain, through: "gzip -nc")
            for _ in 0..<150 {
                var damaged = whole
                for _ in 0..<Int.random(in: 1...4) {
                    damaged[Int.random(in: 10..<damaged.count)] = .random(in: .min ... .max)
                }
                if let read = try? Self.inflate(damaged) { #expect(read == plain) }
            }
        }
    }

    @Test func randomBytesAreNeverGoodData() {
        for _ in 0..<1000 {
            let noise = (0..<Int.random(in: 1...400)).map { _ in UInt8.random(in: .min ... .max) }
            #expect(throws: ArchiveError.self) { try Self.inflate([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3] + noise) }
        }
    }
}
