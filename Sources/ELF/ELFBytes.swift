/// Random access to the bytes of an ELF file, whole or in part.
public protocol ELFBytes {
    /// The `count` bytes at `offset`; nil if not all of them are available.
    func bytes(at offset: UInt64, count: Int) -> [UInt8]?
}

/// The first bytes of a file, or all of them.
public struct ELFPrefix: ELFBytes, Sendable {
    private let prefix: [UInt8]

    public init(_ bytes: some Sequence<UInt8>) {
        prefix = Array(bytes)
    }

    public func bytes(at offset: UInt64, count: Int) -> [UInt8]? {
        guard count >= 0, let start = Int(exactly: offset), start <= prefix.count, count <= prefix.count - start else {
            return nil
        }
        return Array(prefix[start..<start + count])
    }
}

/// Reads integers from bytes, in a file's own byte order. Reading past the end gives nil, never a trap.
struct ELFFields {
    let bytes: [UInt8]
    let elfClass: ELFClass
    let byteOrder: ELFByteOrder

    func integer(at offset: Int, size: Int) -> UInt64? {
        guard offset >= 0, size >= 0, offset <= bytes.count, size <= bytes.count - offset else { return nil }
        var value: UInt64 = 0
        for index in 0..<size {
            let position = byteOrder == .big ? offset + index : offset + size - 1 - index
            value = value << 8 | UInt64(bytes[position])
        }
        return value
    }

    func half(at offset: Int) -> UInt16? {
        integer(at: offset, size: 2).map { UInt16(truncatingIfNeeded: $0) }
    }

    func word(at offset: Int) -> UInt32? {
        integer(at: offset, size: 4).map { UInt32(truncatingIfNeeded: $0) }
    }

    /// An address, offset or size: four bytes in a 32-bit file, eight in a 64-bit one.
    func address(at offset: Int) -> UInt64? {
        integer(at: offset, size: elfClass == .bits32 ? 4 : 8)
    }
}
