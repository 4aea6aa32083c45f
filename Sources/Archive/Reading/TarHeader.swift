/// The fields of a tar header that tell where the next one is.
///
/// Source: <https://www.gnu.org/software/tar/manual/html_node/Standard.html>
struct TarHeader {
    /// The size of a block, in bytes.
    static let size = 512
    private static let gnuMagic = Array("ustar  \0".utf8)

    let type: UInt8
    /// The value of the size field, in bytes.
    let size: UInt64
    /// Whether a sparse file's map, in GNU's older format, continues in the next block.
    let isMapContinued: Bool

    /// - Returns: nil for zeros, a wrong checksum, or an invalid size.
    init?(_ block: [UInt8]) {
        guard let sum = Self.number(block[148..<156]), Self.sums(block).contains(Int(clamping: sum)),
            let size = Self.number(block[124..<136])
        else { return nil }
        type = block[156]
        self.size = size
        isMapContinued = block[257..<265].elementsEqual(Self.gnuMagic) && block[386] != 0 && block[482] != 0
    }

    /// The size of the body that follows, unless an extended header gives another. Links, devices and directories have
    /// none, whatever the size field says.
    var bodySize: UInt64 {
        (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(type) ? 0 : size
    }

    /// The sums of all bytes, with blanks in place of the checksum: of unsigned bytes, and of signed ones, as old
    /// programs did.
    private static func sums(_ block: [UInt8]) -> [Int] {
        var sum = 8 * 32
        var negative = 0
        block.withUnsafeBufferPointer { bytes in
            for byte in bytes {
                sum &+= Int(byte)
                negative &+= Int(byte >> 7)
            }
        }
        for byte in block[148..<156] {
            sum -= Int(byte)
            negative -= Int(byte >> 7)
        }
        return [sum, sum - 256 * negative]
    }

    /// A number in octal digits or GNU tar's binary form; nil if it is negative or too large.
    private static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
        guard let first = field.first else { return nil }
        var value: UInt64 = 0
        if first & 0x80 != 0 {
            // The second bit is the sign.
            guard first & 0x40 == 0 else { return nil }
            for byte in [first & 0x3f] + field.dropFirst() {
                guard value >> 55 == 0 else { return nil }
                value = value << 8 | UInt64(byte)
            }
            return value
        }
        for byte in field.drop(while: { $0 == 0x20 || $0 == 0x09 }) {
            guard byte >= 0x30, byte < 0x38 else { break }
            guard value >> 60 == 0 else { return nil }
            value = value << 3 | UInt64(byte - 0x30)
        }
        return value
    }
}
