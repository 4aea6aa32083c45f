import Files

/// Passes bytes on, counting them and computing their SHA-256, and on request their SHA-512.
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
        hasher.update(chunk)
        wideHasher?.update(chunk)
        return chunk
    }

    /// The SHA-256 of the bytes that have passed so far, in lower-case hexadecimal.
    public var sha256: String {
        hasher.hexadecimal
    }

    /// The SHA-512, likewise; nil if it was not asked for.
    public var sha512: String? {
        wideHasher?.hexadecimal
    }
}
