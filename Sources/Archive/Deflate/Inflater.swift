/// Decompresses one DEFLATE stream after another.
///
/// zlib spends most of the time that it takes to look at an image. This decoder follows libdeflate's design: it loads
/// eight bytes at a time, decodes up to three literals for each load, and copies matches in words.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc1951>
final class Inflater {
    /// Why a stream cannot be decompressed.
    enum Fault: String, Error {
        case blockType = "a block of type 3"
        case storedLength = "a stored block whose length is not repeated"
        case codeLengths = "code lengths that make no Huffman code"
        case symbol = "a code that stands for nothing"
        case distance = "a match that begins before the data"
        case truncated = "the end of the compressed data"
    }

    enum State {
        case header
        case stored(Int)
        case codes, ended
    }

    static let window = 32 << 10
    static let chunk = 128 << 10
    /// What one round of the decoder may write beyond the end of a chunk: two literals, a match, and a word.
    private static let slack = 320

    /// Only this class and the reader of what surrounds the streams use it, one after the other; checking that for
    /// every few bits takes a noticeable part of the time.
    @exclusivity(unchecked) var input: BitInput
    let output: UnsafeMutablePointer<UInt8>
    var position = window
    /// Where in the output what matches may refer to begins.
    private(set) var history = window
    var state = State.ended
    private var isLastBlock = false
    let literals = HuffmanTable(firstBits: 11, capacity: 4096)
    let distances = HuffmanTable(firstBits: 8, capacity: 1024)
    private let lengths = HuffmanTable(firstBits: 7, capacity: 128)

    init(_ source: any ByteSource) {
        input = BitInput(source)
        output = .allocate(capacity: Self.window + Self.chunk + Self.slack)
        output.initialize(repeating: 0, count: Self.window + Self.chunk + Self.slack)
    }

    deinit {
        input.deallocate()
        output.deallocate()
    }

    /// Begins a stream, which refers to nothing that came before.
    func begin() {
        history = position
        state = .header
        isLastBlock = false
    }

    /// The next bytes, which are valid until the next call; none at the end of the stream. Then the input stands behind
    /// the last byte that belongs to it.
    func next() throws(ArchiveError) -> Result<UnsafeRawBufferPointer, Fault> {
        slide()
        let start = position
        do throws(Interruption) {
            while position < Self.window + Self.chunk, try step() {}
        } catch {
            switch error {
            case .archive(let error): throw error
            case .fault(let fault): return .failure(fault)
            }
        }
        return .success(UnsafeRawBufferPointer(start: output + start, count: position - start))
    }

    enum Interruption: Error {
        case archive(ArchiveError)
        case fault(Fault)
    }

    /// Keeps the last 32 KiB before the place where the next chunk goes.
    private func slide() {
        guard position > Self.window else { return }
        let shift = position - Self.window
        output.update(from: output + shift, count: Self.window)
        history = max(0, history - shift)
        position = Self.window
    }

    /// Goes on for a while; false at the end of the stream.
    private func step() throws(Interruption) -> Bool {
        try fill()
        switch state {
        case .ended:
            return false
        case .header:
            if isLastBlock {
                input.align()
                state = .ended
                guard input.position <= input.end else { throw .fault(.truncated) }
                return false
            }
            try beginBlock()
        case .stored(let rest):
            try copyStored(rest)
        case .codes:
            try decode()
        }
        if input.isOverrun { throw .fault(.truncated) }
        return true
    }

    private func fill() throws(Interruption) {
        do throws(ArchiveError) { try input.fill() } catch { throw .archive(error) }
    }

    private func take(_ count: Int) throws(Interruption) -> Int {
        do throws(ArchiveError) {
            return try input.take(count)
        } catch {
            throw .archive(error)
        }
    }

    private func beginBlock() throws(Interruption) {
        isLastBlock = try take(1) == 1
        switch try take(2) {
        case 0:
            input.align()
            let length = try take(16)
            guard try take(16) == ~length & 0xffff else { throw .fault(input.isOverrun ? .truncated : .storedLength) }
            input.align()
            state = .stored(length)
        case 1:
            try build(DeflateSymbols.fixedLengths, literals: 288)
        case 2:
            try readCodes()
        default:
            throw .fault(input.isOverrun ? .truncated : .blockType)
        }
    }

    private func build(_ codeLengths: [UInt8], literals count: Int) throws(Interruption) {
        guard literals.build(codeLengths[..<count], meanings: DeflateSymbols.literals),
            distances.build(codeLengths[count...], meanings: DeflateSymbols.distances)
        else { throw .fault(.codeLengths) }
        state = .codes
    }

    /// Source: <https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7>
    private func readCodes() throws(Interruption) {
        let literalCount = try take(5) + 257
        let distanceCount = try take(5) + 1
        let lengthCount = try take(4) + 4
        var codeLengths = [UInt8](repeating: 0, count: 19)
        for index in 0..<lengthCount { codeLengths[DeflateSymbols.lengthOrder[index]] = UInt8(try take(3)) }
        guard literalCount <= 286, distanceCount <= 30,
            lengths.build(codeLengths[...], meanings: DeflateSymbols.lengths)
        else { throw .fault(.codeLengths) }
        codeLengths = []
        while codeLengths.count < literalCount + distanceCount {
            try fill()
            input.refill()
            let entry = lengths.entries[Int(input.bits & 0x7f)]
            guard entry & HuffmanTable.exceptional == 0 else { throw .fault(.symbol) }
            _ = try take(Int(entry & 0xff))
            switch entry >> 16 {
            case 16:
                guard let last = codeLengths.last else { throw .fault(.codeLengths) }
                codeLengths += repeatElement(last, count: try take(2) + 3)
            case 17: codeLengths += repeatElement(0, count: try take(3) + 3)
            case 18: codeLengths += repeatElement(0, count: try take(7) + 11)
            case let length: codeLengths.append(UInt8(length))
            }
        }
        if input.isOverrun { throw .fault(.truncated) }
        // Without a code for the end of the block there would be no end.
        guard codeLengths.count == literalCount + distanceCount, codeLengths[256] > 0 else {
            throw .fault(.codeLengths)
        }
        try build(codeLengths, literals: literalCount)
    }

    private func copyStored(_ rest: Int) throws(Interruption) {
        let count = min(rest, input.end - input.position, Self.window + Self.chunk - position)
        guard count > 0 || rest == 0 else { throw .fault(.truncated) }
        (output + position).update(from: input.bytes + input.position, count: count)
        input.position += count
        position += count
        state = rest == count ? .header : .stored(rest - count)
    }
}
