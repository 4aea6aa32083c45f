extension Inflater {
    /// Decodes symbols until the chunk is full, the input wants filling, or the block ends.
    func decode() throws(Interruption) {
        let source = input.bytes
        let limit = input.limit
        let output = output
        let outputLimit = Self.window + Self.chunk
        let literalTable = literals.entries
        let distanceTable = distances.entries
        let history = history
        let literalMask: UInt64 = 1 << 11 - 1
        let distanceMask: UInt64 = 1 << 8 - 1
        var bits = input.bits
        var bitCount = UInt64(input.bitCount)
        var read = input.position
        var write = position
        var fault: Fault?
        var isEndOfBlock = false

        @inline(__always) func refill() {
            bits |= UnsafeRawPointer(source + read).loadUnaligned(as: UInt64.self).littleEndian &<< bitCount
            read &+= Int(truncatingIfNeeded: (63 &- bitCount) &>> 3)
            bitCount |= 56
        }
        @inline(__always) func consume(_ entry: UInt32) {
            bits = bits &>> UInt64(entry & 0xff)
            bitCount &-= UInt64(entry & 0xff)
        }
        @inline(__always) func second(_ entry: UInt32, in table: UnsafeMutablePointer<UInt32>) -> UInt32 {
            consume(entry)
            let mask: UInt64 = (1 &<< UInt64(entry &>> 8 & 15)) &- 1
            return table[Int(entry &>> 16) &+ Int(truncatingIfNeeded: bits & mask)]
        }
        /// The base that an entry names and the extra bits that follow its code.
        @inline(__always) func value(_ entry: UInt32) -> Int {
            let mask: UInt64 = (1 &<< UInt64(entry & 0xff)) &- 1
            let extra = (bits & mask) &>> UInt64(entry &>> 8 & 15)
            consume(entry)
            return Int(entry &>> 16) &+ Int(truncatingIfNeeded: extra)
        }

        refill()
        var entry = literalTable[Int(truncatingIfNeeded: bits & literalMask)]
        round: while read <= limit, write < outputLimit {
            // Three literals and their codes of at most 15 bits fit in what one load is sure to give.
            var literalsLeft = 3
            while entry & HuffmanTable.literal != 0 {
                output[write] = UInt8(truncatingIfNeeded: entry &>> 16)
                write &+= 1
                consume(entry)
                literalsLeft &-= 1
                if literalsLeft == 0 { refill() }
                entry = literalTable[Int(truncatingIfNeeded: bits & literalMask)]
                if literalsLeft == 0 { continue round }
            }
            if entry & HuffmanTable.exceptional != 0 {
                if entry & HuffmanTable.second != 0 { entry = second(entry, in: literalTable) }
                if entry & HuffmanTable.literal != 0 {
                    output[write] = UInt8(truncatingIfNeeded: entry &>> 16)
                    write &+= 1
                    consume(entry)
                    refill()
                    entry = literalTable[Int(truncatingIfNeeded: bits & literalMask)]
                    continue round
                }
                if entry & HuffmanTable.exceptional != 0 {
                    consume(entry)
                    isEndOfBlock = entry & HuffmanTable.endOfBlock != 0
                    if !isEndOfBlock { fault = .symbol }
                    break round
                }
            }
            let length = value(entry)
            refill()
            var place = distanceTable[Int(truncatingIfNeeded: bits & distanceMask)]
            if place & HuffmanTable.second != 0 { place = second(place, in: distanceTable) }
            guard place & HuffmanTable.exceptional == 0 else {
                fault = .symbol
                break round
            }
            let distance = value(place)
            guard distance <= write &- history else {
                fault = .distance
                break round
            }
            // The next symbol is looked up before the match is copied: the one waits for memory, the other does not.
            refill()
            entry = literalTable[Int(truncatingIfNeeded: bits & literalMask)]
            Self.copy(output + write, distance: distance, length: length)
            write &+= length
        }
        input.bits = bits
        input.bitCount = Int(bitCount)
        input.position = read
        position = write
        // Zeros that follow the data may look like anything; that there was no more data comes first.
        if input.isOverrun { throw .fault(.truncated) }
        if let fault { throw .fault(fault) }
        if isEndOfBlock { state = .header }
    }

    /// Copies from `distance` bytes back; up to 24 bytes beyond `length` are overwritten.
    @inline(__always)
    private static func copy(_ target: UnsafeMutablePointer<UInt8>, distance: Int, length: Int) {
        let source = UnsafeMutableRawPointer(target - distance)
        let target = UnsafeMutableRawPointer(target)
        @inline(__always) func word(_ offset: Int) {
            let word = source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            target.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
        }
        if distance >= 8 {
            // Most matches are short: these are copied without a branch that could be guessed wrong.
            word(0)
            word(8)
            word(16)
            var offset = 24
            while offset < length {
                word(offset)
                offset &+= 8
            }
        } else if distance == 1 {
            let byte = source.load(as: UInt8.self)
            (target.assumingMemoryBound(to: UInt8.self)).update(repeating: byte, count: length)
        } else {
            for offset in 0..<length {
                target.storeBytes(
                    of: source.load(fromByteOffset: offset, as: UInt8.self), toByteOffset: offset, as: UInt8.self)
            }
        }
    }
}
