/// The lines of a journal, of which one is in memory at a time.
struct JournalLines {
    /// A line beyond what any step may print.
    struct TooLong: Error {}

    /// More than a step may print, in bytes.
    private static let longest = 33 << 20

    /// What is at an offset of the file; empty at its end.
    private let chunk: (_ offset: Int) throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var start = 0
    /// How much of the file was read.
    private(set) var offset = 0

    init(_ chunk: @escaping (_ offset: Int) throws -> [UInt8]) { self.chunk = chunk }

    /// Where the next line begins.
    var place: Int { offset - rest.count }

    /// What follows the last whole line.
    var rest: ArraySlice<UInt8> { buffer[start...] }

    /// The next line without its end; nil where none is whole.
    ///
    /// - Throws: `TooLong`; what reading throws.
    mutating func next() throws -> ArraySlice<UInt8>? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return buffer[start..<end]
            }
            guard rest.count <= Self.longest else { throw TooLong() }
            let more = try chunk(offset)
            if more.isEmpty { return nil }
            buffer.removeFirst(start)
            start = 0
            searched = buffer.count
            buffer += more
            offset += more.count
        }
    }
}
