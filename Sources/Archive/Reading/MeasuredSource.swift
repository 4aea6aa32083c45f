import Crypto

/// Passes bytes on, counting them and taking their SHA-256, and where asked to their SHA-512, on the way.
public final class MeasuredSource: ByteSource {
    private let upstream: any ByteSource
    private var hasher = SHA256()
    private var wideHasher: SHA512?
    /// How many bytes have passed.
    public private(set) var count: UInt64 = 0

    public var name: String { upstream.name }

    public init(_ upstream: any ByteSource, takesSHA512: Bool = false) {
        self.upstream = upstream
        if takesSHA512 { wideHasher = SHA512() }
    }

    public func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        let chunk = try upstream.nextChunk()
        count += UInt64(chunk.count)
        hasher.update(bufferPointer: chunk)
        wideHasher?.update(bufferPointer: chunk)
        return chunk
    }

    /// The SHA-256 of the bytes that have passed so far, in lower-case hexadecimal.
    public var sha256: String {
        Hexadecimal.string(hasher.finalize())
    }

    /// The SHA-512, likewise; nil where it was not asked for.
    public var sha512: String? {
        wideHasher.map { Hexadecimal.string($0.finalize()) }
    }
}

/// SHA-256 of bytes that are at hand.
public enum ContentDigest {
    /// The SHA-256 in lower-case hexadecimal.
    public static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
        var hasher = SHA256()
        hasher.update(bufferPointer: bytes)
        return Hexadecimal.string(hasher.finalize())
    }

    /// The SHA-256 in lower-case hexadecimal.
    public static func sha256(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { sha256($0) }
    }
}

enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func string(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
