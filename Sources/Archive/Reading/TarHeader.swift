/// What of a tar header tells where the next one is.
///
/// Source: <https://www.gnu.org/software/tar/manual/html_node/Standard.html>
struct TarHeader {
    /// A block, in bytes.
    static let size = 512
    private static let gnuMagic = Array("ustar  \0".utf8)

    let type: UInt8
    /// As the header has it.
    let size: UInt64
    /// The map of a sparse file, of GNU's older form, goes on in the next block.
    let isMapContinued: Bool

    /// - Returns: nil for zeros, a wrong checksum, and a size that is none.
    init?(_ block: [UInt8]) {
        guard let sum = Self.number(block[148..<156]), Self.sums(block).contains(Int(clamping: sum)),
            let size = Self.number(block[124..<136])
        else { return nil }
        type = block[156]
        self.size = size
        isMapContinued = block[257..<265].elementsEqual(Self.gnuMagic) && block[386] != 0 && block[482] != 0
    }

    /// The size of what follows in the archive, where no extended header says another. Links, devices and directories have no contents,
    /// whatever their size says.
    var bodySize: UInt64 {
        (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(type) ? 0 : size
    }

    /// The sums of all bytes, the checksum itself taken for blanks: of unsigned bytes, and of signed ones, as old programs had it.
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

    /// Octal digits, or the binary form of GNU tar.
    private static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
        guard let first = field.first else { return nil }
        var value: UInt64 = 0
        if first & 0x80 != 0 {
            // A set second bit is a sign.
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
