/// A table that decodes one Huffman code of DEFLATE by its next bits: a first table for short codes, and one more for each
/// prefix of longer ones.
///
/// An entry holds, from the lowest bit on: how many bits the symbol and what follows it take (8), how many of them are
/// the code (4), whether it is a second table (bit 14) or the end of the block (bit 13), neither being an error where
/// bit 15 is set, and a value (15): the literal, the base of a length or distance, or the place of the second table. Bit
/// 31 marks literals.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2>
final class HuffmanTable {
    static let literal: UInt32 = 1 << 31
    static let exceptional: UInt32 = 1 << 15
    static let second: UInt32 = 1 << 14
    static let endOfBlock: UInt32 = 1 << 13
    private static let longest = 15

    /// How many bits the first table decodes.
    let firstBits: Int
    let entries: UnsafeMutablePointer<UInt32>
    private let capacity: Int

    init(firstBits: Int, capacity: Int) {
        self.firstBits = firstBits
        self.capacity = capacity
        entries = .allocate(capacity: capacity)
        entries.initialize(repeating: Self.exceptional, count: capacity)
    }

    deinit {
        entries.deallocate()
    }

    /// Builds the table.
    ///
    /// - Parameters:
    ///   - lengths: of each symbol's code in bits, zero for a symbol that has none.
    ///   - meanings: each symbol's entry without the lengths of the code; the low byte holds the number of extra bits.
    /// - Returns: false where no code has these lengths, or more than one. As in zlib a single code of one bit need not
    ///   be complete, nor need one without symbols.
    func build(_ lengths: ArraySlice<UInt8>, meanings: [UInt32]) -> Bool {
        var counts = [Int](repeating: 0, count: Self.longest + 1)
        for length in lengths { counts[Int(length)] += 1 }
        counts[0] = 0
        let most = counts.lastIndex { $0 > 0 } ?? 0
        var left = 1
        for length in 1...Self.longest {
            left = left << 1 - counts[length]
            if left < 0 { return false }
        }
        if left > 0, most > 1 { return false }
        entries.update(repeating: Self.exceptional, count: 1 << firstBits)
        var next = 1 << firstBits
        var prefix = -1
        var second = (start: 0, bits: 0)
        var code = 0
        let symbols = Self.sorted(lengths, counts)
        var position = 0
        for length in stride(from: 1, through: most, by: 1) {
            code <<= 1
            for _ in 0..<counts[length] {
                let symbol = Int(symbols[position])
                position += 1
                let reversed = Self.reverse(code, length)
                code += 1
                defer { counts[length] -= 1 }
                guard length > firstBits else {
                    put(meanings[symbol], length: length, at: reversed, in: 0, bits: firstBits)
                    continue
                }
                let low = reversed & (1 << firstBits - 1)
                if low != prefix {
                    prefix = low
                    second = (next, Self.secondBits(counts, length: length, firstBits: firstBits, most: most))
                    next += 1 << second.bits
                    guard next <= capacity else { return false }
                    (entries + second.start).update(repeating: Self.exceptional, count: 1 << second.bits)
                    entries[low] =
                        UInt32(second.start) << 16 | Self.exceptional | Self.second | UInt32(second.bits) << 8
                        | UInt32(firstBits)
                }
                put(
                    meanings[symbol], length: length - firstBits, at: reversed >> firstBits, in: second.start,
                    bits: second.bits)
            }
        }
        return true
    }

    /// The symbols that have codes, by the lengths of these and then by number.
    private static func sorted(_ lengths: ArraySlice<UInt8>, _ counts: [Int]) -> [UInt16] {
        var places = [Int](repeating: 0, count: longest + 2)
        for length in 1...longest { places[length + 1] = places[length] + counts[length] }
        var symbols = [UInt16](repeating: 0, count: places[longest + 1])
        for (symbol, length) in lengths.enumerated() where length > 0 {
            symbols[places[Int(length)]] = UInt16(symbol)
            places[Int(length)] += 1
        }
        return symbols
    }

    private func put(_ meaning: UInt32, length: Int, at index: Int, in start: Int, bits: Int) {
        let entry = meaning + UInt32(length) | UInt32(length) << 8
        for index in stride(from: index, to: 1 << bits, by: 1 << length) { entries[start + index] = entry }
    }

    /// How many bits tell the codes apart that share a prefix and of which the shortest has `length` bits.
    ///
    /// - Parameter counts: of the codes of each length that have no entry yet.
    private static func secondBits(_ counts: [Int], length: Int, firstBits: Int, most: Int) -> Int {
        var bits = length - firstBits
        var left = 1 << bits
        while bits + firstBits < most {
            left -= counts[bits + firstBits]
            if left <= 0 { break }
            bits += 1
            left <<= 1
        }
        return bits
    }

    private static func reverse(_ code: Int, _ length: Int) -> Int {
        var code = code
        var reversed = 0
        for _ in 0..<length {
            reversed = reversed << 1 | code & 1
            code >>= 1
        }
        return reversed
    }
}
