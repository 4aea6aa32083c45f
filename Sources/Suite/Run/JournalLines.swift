/// Reads the lines of a journal, one in memory at a time.
struct JournalLines {
    /// A line is longer than any step may print.
    struct TooLong: Error {}

    /// More than a step may print, in bytes.
    private static let longest = 33 << 20

    /// Reads bytes at an offset of the file; empty at its end.
    private let chunk: (_ offset: Int) throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var start = 0
    /// The number of bytes read so far.
    private(set) var offset = 0

    init(_ chunk: @escaping (_ offset: Int) throws -> [UInt8]) { self.chunk = chunk }

    /// The offset of the next line.
    var place: Int { offset - rest.count }

    /// The bytes after the last whole line.
    var rest: ArraySlice<UInt8> { buffer[start...] }

    /// The next line without its end; nil if there is no whole one.
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
