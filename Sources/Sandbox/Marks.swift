/// Finds marks of progress in a stream of lines. Neither the stream nor a line needs to end.
struct Marks {
    /// The longest line that may carry a mark, in bytes.
    static let longestLine = 4096

    private let mark: @Sendable (ArraySlice<UInt8>) -> String?
    private var seen: Set<String> = []
    /// The beginning of a line that has no end yet.
    private var line: [UInt8] = []
    private var isTooLong = false

    init(_ mark: @escaping @Sendable (ArraySlice<UInt8>) -> String?) {
        self.mark = mark
    }

    /// Whether a chunk completes a line with a new mark.
    mutating func isNews(_ chunk: UnsafeRawBufferPointer) -> Bool {
        var isNews = false
        var rest = chunk[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            keep(rest[..<end])
            if !isTooLong, let found = mark(line[...]), seen.insert(found).inserted { isNews = true }
            line.removeAll(keepingCapacity: true)
            isTooLong = false
            rest = rest[(end + 1)...]
        }
        keep(rest)
        return isNews
    }

    private mutating func keep(_ part: Slice<UnsafeRawBufferPointer>) {
        isTooLong = isTooLong || line.count + part.count > Self.longestLine
        if !isTooLong { line.append(contentsOf: part) }
    }
}
