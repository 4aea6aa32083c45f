/// Removes from a log's lines what terminals and CI engines add.
enum LogText {
    /// How much of a line is read, in bytes.
    private static let longest = 4096

    /// A line without escape sequences, time stamps and marks of CI engines.
    static func plain(_ line: some Collection<UInt8>) -> String {
        var text = Substring(String(decoding: withoutEscapes(line.prefix(longest)), as: UTF8.self))
        // GitHub: 2026-11-28T18:19:39.6808941Z. GitLab: the same, followed by the stream: 00O, 01E+.
        if let rest = afterTimeStamp(text) {
            text = rest
            let stream = text.prefix(while: { $0 != " " })
            if (3...4).contains(stream.count), stream.dropFirst(2).first == "O" || stream.dropFirst(2).first == "E",
                stream.prefix(2).allSatisfy(\.isHexDigit)
            {
                text = text.dropFirst(stream.count + 1)
            }
        }
        if text.hasPrefix("section_start:") || text.hasPrefix("section_end:") { return "" }
        for mark in ["##[error]", "##[warning]", "##[group]", "##[command]", "::error::", "ERRO[", "FATA["] {
            guard text.hasPrefix(mark) else { continue }
            text = text.dropFirst(mark.count)
            // logrus on a terminal: ERRO[0003] text
            if mark.hasSuffix("["), let close = text.firstIndex(of: "]") { text = text[text.index(after: close)...] }
        }
        return String(text)
    }

    /// Removes escape sequences of ECMA-48. A CSI sequence ends with a byte from 0x40 to 0x7e, an OSC sequence with BEL
    /// or ST.
    private static func withoutEscapes(_ line: some Collection<UInt8>) -> [UInt8] {
        var plain: [UInt8] = []
        var bytes = line.makeIterator()
        while let byte = bytes.next() {
            guard byte == 0x1b else {
                if byte >= 0x20 || byte == 0x09 { plain.append(byte) }
                continue
            }
            switch bytes.next() {
            case UInt8(ascii: "["): while let next = bytes.next(), !(0x40...0x7e).contains(next) {}
            case UInt8(ascii: "]"): while let next = bytes.next(), next != 0x07, next != 0x5c {}
            default: break
            }
        }
        return plain
    }

    private static func afterTimeStamp(_ text: Substring) -> Substring? {
        let stamp = text.prefix(while: { $0 != " " })
        guard stamp.count >= 19, stamp.dropFirst(4).first == "-", stamp.dropFirst(10).first == "T",
            stamp.hasSuffix("Z"),
            stamp.prefix(4).allSatisfy(\.isNumber)
        else { return nil }
        return text.dropFirst(stamp.count + 1)
    }
}
