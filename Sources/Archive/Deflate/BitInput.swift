/// The compressed bytes of a stream, read as bits, the lowest first.
///
/// What was taken from the source is followed by zeros, so that decoders may load eight bytes wherever they are; that more
/// was consumed than there was is found out afterwards.
struct BitInput {
    private static let capacity = 128 << 10
    /// How far beyond the last byte a decoder may get before it looks: two loads of eight bytes, and then some.
    private static let padding = 64
    /// How many bytes must be left for a decoder to go round once without looking.
    static let reserve = 32

    private let source: any ByteSource
    private var pending = UnsafeRawBufferPointer(start: nil, count: 0)
    let bytes: UnsafeMutablePointer<UInt8>
    var position = 0
    private(set) var end = 0
    private(set) var isAtEnd = false
    /// The bits that come next. Above `bitCount` they may be right already, but do not count.
    var bits: UInt64 = 0
    var bitCount = 0

    init(_ source: any ByteSource) {
        self.source = source
        bytes = .allocate(capacity: Self.capacity + Self.padding)
        bytes.initialize(repeating: 0, count: Self.capacity + Self.padding)
    }

    func deallocate() {
        bytes.deallocate()
    }

    /// Up to where a decoder may begin another round.
    var limit: Int { isAtEnd ? end + 8 : end - Self.reserve }

    /// Whether more has been consumed than there was.
    var isOverrun: Bool { position - bitCount / 8 > end }

    /// Makes at least `reserve` bytes available, or all that are left.
    mutating func fill() throws(ArchiveError) {
        while !isAtEnd, end - position < Self.reserve {
            if pending.isEmpty { pending = try source.nextChunk() }
            // What the bits hold may be given back.
            let kept = min(position, 8)
            let left = end - position + kept
            bytes.update(from: bytes + position - kept, count: left)
            position = kept
            end = left
            guard !pending.isEmpty else {
                isAtEnd = true
                (bytes + end).update(repeating: 0, count: Self.padding)
                return
            }
            let count = min(pending.count, Self.capacity - end)
            UnsafeMutableRawBufferPointer(start: bytes + end, count: count)
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: pending[..<count]))
            pending = UnsafeRawBufferPointer(rebasing: pending[count...])
            end += count
        }
    }

    /// Takes up to 16 bits.
    mutating func take(_ count: Int) throws(ArchiveError) -> Int {
        if bitCount < count {
            try fill()
            refill()
        }
        let value = Int(bits & ((1 << UInt64(count)) - 1))
        bits >>= UInt64(count)
        bitCount -= count
        return value
    }

    /// Tops the bits up to at least 56.
    @inline(__always)
    mutating func refill() {
        bits |= UnsafeRawPointer(bytes + position).loadUnaligned(as: UInt64.self).littleEndian &<< UInt64(bitCount)
        position &+= (63 &- bitCount) &>> 3
        bitCount |= 56
    }

    /// Drops what is left of the byte that was begun and gives whole bytes back.
    mutating func align() {
        position -= bitCount / 8
        bits = 0
        bitCount = 0
    }

    /// Takes a whole byte, or nil at the end. To be used between `align` and the next bits.
    mutating func takeByte() throws(ArchiveError) -> UInt8? {
        if position >= end { try fill() }
        guard position < end else { return nil }
        position += 1
        return bytes[position - 1]
    }
}
