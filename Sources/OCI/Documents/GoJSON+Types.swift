import Files

extension GoJSON {
    /// A member that does not fit its field. Go refuses the document, if it is JSON to its end.
    struct Mismatch: Error, Equatable {
        let field: String
        let expected: String
        let found: String

        var description: String {
            let place = field.isEmpty ? "the document" : field
            return "\(place) of another type: expected \(expected), found \(found)"
        }
    }
}

extension GoJSON.Shape {
    /// What would fit the field; nil if a value fits that is no object, list or null for one.
    ///
    /// - Parameter token: the value, as it stands in the document.
    func refusal(of token: ArraySlice<UInt8>) -> String? {
        let first = token.first
        let isText = first == UInt8(ascii: "\"")
        return switch self {
        case .presence: nil
        case .text: isText ? nil : "a text"
        case .words: isText ? nil : "a list of texts"
        case .flag: first == UInt8(ascii: "t") || first == UInt8(ascii: "f") ? nil : "true or false"
        case .integer: Self.isInteger(token) ? nil : "a whole number of at most 64 bits"
        case .time:
            isText && RFC3339.isTime(token.dropFirst().dropLast()) ? nil : "a time as RFC 3339 has it"
        case .bytes:
            isText && Self.isBase64(token.dropFirst().dropLast()) || Self.isListOfBytes(token) ? nil : "base64"
        case .list: "a list"
        case .map, .fields: "an object"
        }
    }

    /// What a value is, for people.
    static func name(of token: ArraySlice<UInt8>) -> String {
        switch token.first {
        case UInt8(ascii: "{"): return "an object"
        case UInt8(ascii: "["): return "a list"
        case UInt8(ascii: "\"") where token.count > longestShown: return "a text"
        default: return String(decoding: token.prefix(longestShown), as: UTF8.self)
        }
    }

    private static let longestShown = 40

    /// Go reads no fraction and no exponent into an integer.
    private static func isInteger(_ token: ArraySlice<UInt8>) -> Bool {
        Int64(String(decoding: token, as: UTF8.self)) != nil
    }

    /// Go takes a list of numbers for bytes, too.
    private static func isListOfBytes(_ token: ArraySlice<UInt8>) -> Bool {
        guard token.first == UInt8(ascii: "[") else { return false }
        return token.dropFirst().dropLast().split(separator: UInt8(ascii: ",")).allSatisfy { part in
            let word = String(decoding: part.filter { $0 > 0x20 }, as: UTF8.self)
            return word.isEmpty || word == "null" || UInt8(word) != nil
        }
    }

    /// Whether Go's `base64.StdEncoding` takes the inside of a text: four letters a group, filled up with `=`, and line
    /// ends anywhere.
    private static func isBase64(_ text: ArraySlice<UInt8>) -> Bool {
        // Line ends can only be written as escapes, and so may any other letter be: a slash often is.
        var letters: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                letters.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "n"), UInt8(ascii: "r"): continue
            case UInt8(ascii: "/"): letters.append(UInt8(ascii: "/"))
            case UInt8(ascii: "u"):
                guard let value = UInt8(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16) else {
                    return false
                }
                rest = rest.dropFirst(4)
                if value != 0x0a, value != 0x0d { letters.append(value) }
            default: return false
            }
        }
        let body = letters.reversed().drop { $0 == UInt8(ascii: "=") }
        return letters.count.isMultiple(of: 4) && letters.count - body.count <= 2
            && body.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
                    || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/")
            }
    }
}

/// Times as Go's `time.Time` takes them out of a document.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc3339#section-5.6>, `parseStrictRFC3339` in
/// <https://github.com/golang/go/blob/master/src/time/format_rfc3339.go>
enum RFC3339 {
    /// Whether it is `2006-01-02T15:04:05Z`, with a fraction or an offset.
    static func isTime(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        func digits(_ count: Int, _ range: ClosedRange<Int>) -> Int? {
            let part = rest.prefix(count)
            guard part.count == count, part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            rest = rest.dropFirst(count)
            let value = part.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            return range.contains(value) ? value : nil
        }
        func character(_ byte: Character) -> Bool {
            guard rest.first == byte.asciiValue else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = digits(4, 0...9999), character("-"), let month = digits(2, 1...12), character("-"),
            digits(2, 1...days(month, year)) != nil, character("T"), digits(2, 0...23) != nil, character(":"),
            digits(2, 0...59) != nil, character(":"), digits(2, 0...59) != nil
        else { return false }
        if character(".") {
            let fraction = rest.prefix { (0x30...0x39).contains($0) }
            guard !fraction.isEmpty else { return false }
            rest = rest.dropFirst(fraction.count)
        }
        if character("Z") { return rest.isEmpty }
        guard character("+") || character("-") else { return false }
        return digits(2, 0...23) != nil && character(":") && digits(2, 0...59) != nil && rest.isEmpty
    }

    private static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
