internal import CNettle

/// SHA-256 of bytes that come in pieces. Source: FIPS 180-4.
public struct SHA256: ~Copyable {
    private var context = sha256_ctx()

    public init() {
        nettle_sha256_init(&context)
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        nettle_sha256_update(&context, bytes.count, bytes.baseAddress)
    }

    /// The digest so far. More bytes may follow.
    public var digest: [UInt8] {
        var end = context
        return finished(SHA256_DIGEST_SIZE) { nettle_sha256_digest(&end, $0, $1) }
    }

    /// The same in lower-case hexadecimal.
    public var hexadecimal: String { digest.hexadecimal }

    /// The digest of `bytes`, in lower-case hexadecimal.
    public static func hexadecimal(_ bytes: UnsafeRawBufferPointer) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.hexadecimal
    }

    /// The digest of `bytes`, in lower-case hexadecimal.
    public static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { hexadecimal($0) }
    }
}

/// SHA-512, likewise.
public struct SHA512: ~Copyable {
    private var context = sha512_ctx()

    public init() {
        nettle_sha512_init(&context)
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        nettle_sha512_update(&context, bytes.count, bytes.baseAddress)
    }

    /// The digest so far, in lower-case hexadecimal. More bytes may follow.
    public var hexadecimal: String {
        var end = context
        return finished(SHA512_DIGEST_SIZE) { nettle_sha512_digest(&end, $0, $1) }.hexadecimal
    }
}

private func finished(_ count: Int32, _ digest: (Int, UnsafeMutablePointer<UInt8>) -> Void) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
        guard let start = buffer.baseAddress else { return }
        digest(Int(count), start)
        initialized = Int(count)
    }
}
