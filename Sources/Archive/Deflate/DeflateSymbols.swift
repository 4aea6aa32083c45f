/// What the symbols of DEFLATE mean, as entries of a `HuffmanTable`.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc1951#section-3.2.5>
enum DeflateSymbols {
    /// 0 to 255 are literals, 256 ends the block, then come lengths; the last two do not occur.
    static let literals: [UInt32] = {
        var meanings = (0..<256).map { HuffmanTable.literal | UInt32($0) << 16 }
        meanings.append(HuffmanTable.exceptional | HuffmanTable.endOfBlock)
        var base: UInt32 = 3
        for symbol in 0..<28 {
            let extra: UInt32 = symbol < 8 ? 0 : UInt32(symbol / 4 - 1)
            meanings.append(base << 16 | extra)
            base += 1 << extra
        }
        meanings.append(258 << 16)
        return meanings + [HuffmanTable.exceptional, HuffmanTable.exceptional]
    }()

    static let distances: [UInt32] = {
        var meanings: [UInt32] = []
        var base: UInt32 = 1
        for symbol in 0..<30 {
            let extra: UInt32 = symbol < 4 ? 0 : UInt32(symbol / 2 - 1)
            meanings.append(base << 16 | extra)
            base += 1 << extra
        }
        return meanings + [HuffmanTable.exceptional, HuffmanTable.exceptional]
    }()

    /// The symbols that code lengths are written with stand for themselves.
    static let lengths: [UInt32] = (0..<19).map { UInt32($0) << 16 }

    /// The order in which the lengths of those symbols' own codes come.
    static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    static let fixedLengths: [UInt8] =
        Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112) + Array(repeating: 7, count: 24)
        + Array(repeating: 8, count: 8) + Array(repeating: 5, count: 32)
}
