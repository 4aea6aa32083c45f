import Files

/// The lines of a journal: `assay.journal/2 SUM HEAD`, then `step SUM STEP` for each step, head and step in JSON.
///
/// `SUM` is the first 16 hexadecimal digits of the SHA-256 of the previous line's sum and the rest of this line. So a
/// line that was changed, moved, or taken from elsewhere is rejected, and so are all after it.
struct JournalText {
    static let schema = "assay.journal/2"
    static let olderSchema = "assay.journal/1"
    private static let step = "step"
    private static let sumLength = 16

    /// What a file begins with.
    enum Beginning: Equatable {
        case empty, journal
        /// A truncated head: no step was finished.
        case torn
        /// The format before checksums.
        case older
        /// Somebody's other file, which must not be written to.
        case other
    }

    private var sum = ""
    private var isAtHead = true

    /// Makes the next line to write, with its end.
    mutating func line(_ json: String) -> String {
        let keyword = isAtHead ? Self.schema : Self.step
        sum = Self.sum(after: sum, keyword: keyword, json: Array(json.utf8))
        isAtHead = false
        return "\(keyword) \(sum) \(json)\n"
    }

    /// The JSON of the next line, given without its end; nil if its checksum is wrong.
    mutating func json(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let (found, json) = Self.parts(line, keyword: isAtHead ? Self.schema : Self.step),
            found == Self.sum(after: sum, keyword: isAtHead ? Self.schema : Self.step, json: json)
        else { return nil }
        (sum, isAtHead) = (found, false)
        return json
    }

    /// Classifies a file by its first line.
    ///
    /// - Parameters:
    ///   - line: the first line without its end, or all that there is.
    ///   - isWhole: whether a line end followed.
    ///   - isOlder: whether a line of JSON is the head of an older journal.
    static func beginning(
        _ line: ArraySlice<UInt8>, isWhole: Bool, isOlder: (ArraySlice<UInt8>) -> Bool
    ) -> Beginning {
        if line.isEmpty { return isWhole ? .other : .empty }
        // A text about journals may begin with the keyword, so the rest must look like a head too.
        if let (_, json) = parts(line, keyword: schema), json.starts(with: "{\"".utf8) {
            return isWhole ? .journal : .torn
        }
        return isWhole && isOlder(line) ? .older : .other
    }

    private static func parts(_ line: ArraySlice<UInt8>, keyword: String) -> (sum: String, json: ArraySlice<UInt8>)? {
        let start = Array("\(keyword) ".utf8)
        guard line.starts(with: start) else { return nil }
        let rest = line.dropFirst(start.count)
        let sum = rest.prefix(sumLength)
        guard sum.count == sumLength, sum.allSatisfy(isDigit), rest.dropFirst(sumLength).first == UInt8(ascii: " ")
        else {
            return nil
        }
        return (String(decoding: sum, as: UTF8.self), rest.dropFirst(sumLength + 1))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }

    private static func sum(after sum: String, keyword: String, json: some Collection<UInt8>) -> String {
        let digest = SHA256.hexadecimal(Array("\(sum) \(keyword) ".utf8) + Array(json))
        return String(digest.prefix(sumLength))
    }
}
