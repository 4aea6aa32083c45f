import Files

/// Reads JSON as Go's `encoding/json` does, which every container engine uses. Names of members match without regard to
/// case, and the last of several counts. No byte order mark may come before the document, and nothing after it.
///
/// Source: <https://pkg.go.dev/encoding/json#Unmarshal>, <https://github.com/golang/go/blob/master/src/encoding/json/scanner.go>
struct GoJSON {
    /// The form that a value is decoded into.
    indirect enum Shape: Sendable {
        case text, flag
        /// A whole number of 64 bits.
        case integer
        /// A time of RFC 3339, in a text.
        case time
        /// Bytes: base64 in a text, or a list of numbers.
        case bytes
        /// A list of texts, for which a single text may stand: Docker's `strslice.StrSlice`.
        case words
        /// A member of any type, which only counts for being there.
        case presence
        case list(Shape)
        /// A map. Case counts in its names, and the last of equal names counts.
        case map(Shape)
        /// A struct: its fields by their names. Members of other names are skipped.
        case fields([String: Shape])
    }

    /// Why Go, or Assay, refuses a document.
    enum Failure: Error, Equatable {
        /// Not JSON. `offset` is in bytes.
        case malformed(offset: Int, found: String)
        /// Two members for one field: Go takes the last, other readers the first.
        case duplicate(field: String, first: String, second: String)

        var isAmbiguous: Bool {
            if case .duplicate = self { true } else { false }
        }

        var description: String {
            switch self {
            case .malformed(let offset, let found): "\(found) at byte \(offset)"
            case .duplicate(let field, let first, let second):
                first == second ? "\(field) twice" : "\(field) twice, as \(first) and as \(second)"
            }
        }
    }

    /// The deepest nesting of values that Go reads.
    static let deepest = 10_000

    private let bytes: [UInt8]
    private var offset = 0
    private var output: [UInt8] = []
    private var mismatch: Mismatch?

    /// The document with only the members that are decoded, each under its field's own name. So any reader of JSON
    /// takes from it what Go takes. What does not fit its field is replaced by what fits none.
    static func canonical(_ bytes: [UInt8], as shape: Shape) throws(Failure) -> [UInt8] {
        try read(bytes, as: shape).canonical
    }

    /// The same, and the first member that does not fit its field; nil if all do.
    static func read(
        _ bytes: [UInt8], as shape: Shape
    ) throws(Failure) -> (canonical: [UInt8], mismatch: Mismatch?) {
        var reader = GoJSON(bytes)
        reader.output.reserveCapacity(bytes.count)
        try reader.checkEncoding()
        reader.skipSpace()
        try reader.value(shape, at: "", depth: 0)
        reader.skipSpace()
        guard reader.offset == bytes.count else { throw reader.unexpected("after the document") }
        return (reader.output, reader.mismatch)
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    private func checkEncoding() throws(Failure) {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { throw .malformed(offset: 0, found: "a byte order mark") }
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) || bytes.prefix(2).contains(0) {
            throw .malformed(offset: 0, found: "UTF-16 or UTF-32")
        }
    }

    private mutating func value(_ shape: Shape, at place: String, depth: Int) throws(Failure) {
        switch (shape, peek) {
        case (.fields(let fields), UInt8(ascii: "{")): return try object(fields, at: place, depth: depth + 1)
        case (.map(let shape), UInt8(ascii: "{")): return try map(shape, at: place, depth: depth + 1)
        case (.list(let shape), UInt8(ascii: "[")): return try list(shape, at: place, depth: depth + 1)
        case (.words, UInt8(ascii: "[")): return try list(.text, at: place, depth: depth + 1)
        case (.text, UInt8(ascii: "\"")), (.words, UInt8(ascii: "\"")): return write(try string())
        default: break
        }
        let start = offset
        try skipValue(depth: depth)
        let token = bytes[start..<offset]
        if case .presence = shape { return output.append(UInt8(ascii: "1")) }
        if token.first != UInt8(ascii: "n"), let expected = shape.refusal(of: token) {
            let field = place.utf8.first == UInt8(ascii: ".") ? String(place.dropFirst()) : place
            mismatch = mismatch ?? Mismatch(field: field, expected: expected, found: Shape.name(of: token))
            output += Self.other
        } else {
            output += token
        }
    }

    /// Replaces a value of a wrong type, by one that fits no field: no list of lists is read.
    private static let other: ArraySlice<UInt8> = Array("[[]]".utf8)[...]

    private mutating func object(_ fields: [String: Shape], at place: String, depth: Int) throws(Failure) {
        var seen: [String: String] = [:]
        output.append(UInt8(ascii: "{"))
        try members { reader, key throws(Failure) in
            guard let name = Self.field(key, in: fields), let shape = fields[name] else {
                return try reader.skipValue(depth: depth)
            }
            let text = String(decoding: key, as: UTF8.self)
            let path = place.isEmpty ? name : "\(place).\(name)"
            if let first = seen.updateValue(text, forKey: name) {
                throw .duplicate(field: path, first: first, second: text)
            }
            if seen.count > 1 { reader.output.append(UInt8(ascii: ",")) }
            reader.write(Array(name.utf8))
            reader.output.append(UInt8(ascii: ":"))
            try reader.value(shape, at: path, depth: depth)
        }
        output.append(UInt8(ascii: "}"))
    }

    private mutating func map(_ shape: Shape, at place: String, depth: Int) throws(Failure) {
        var values: [[UInt8]: [UInt8]] = [:]
        var order: [[UInt8]] = []
        let outer = output
        try members { reader, key throws(Failure) in
            reader.output = []
            try reader.value(shape, at: "\(place).\(String(decoding: key, as: UTF8.self))", depth: depth)
            if values.updateValue(reader.output, forKey: key) == nil { order.append(key) }
        }
        output = outer
        output.append(UInt8(ascii: "{"))
        for (number, key) in order.enumerated() {
            if number > 0 { output.append(UInt8(ascii: ",")) }
            write(key)
            output.append(UInt8(ascii: ":"))
            output += values[key] ?? []
        }
        output.append(UInt8(ascii: "}"))
    }

    private mutating func list(_ shape: Shape, at place: String, depth: Int) throws(Failure) {
        offset += 1
        output.append(UInt8(ascii: "["))
        skipSpace()
        var number = 0
        if peek != UInt8(ascii: "]") {
            while true {
                skipSpace()
                try value(shape, at: "\(place).\(number)", depth: depth)
                number += 1
                skipSpace()
                guard peek == UInt8(ascii: ",") else { break }
                offset += 1
                output.append(UInt8(ascii: ","))
            }
        }
        try expect(UInt8(ascii: "]"), "in a list")
        output.append(UInt8(ascii: "]"))
    }

    /// Reads an object. Calls `body` before each value.
    private mutating func members(_ body: (inout GoJSON, [UInt8]) throws(Failure) -> Void) throws(Failure) {
        offset += 1
        skipSpace()
        if peek == UInt8(ascii: "}") {
            offset += 1
            return
        }
        while true {
            skipSpace()
            let key = try string()
            skipSpace()
            try expect(UInt8(ascii: ":"), "after a name")
            skipSpace()
            try body(&self, key)
            skipSpace()
            guard peek == UInt8(ascii: ",") else { break }
            offset += 1
        }
        try expect(UInt8(ascii: "}"), "in an object")
    }

    /// The field that a member's name stands for; nil if none.
    private static func field(_ key: [UInt8], in fields: [String: Shape]) -> String? {
        let exact = String(decoding: key, as: UTF8.self)
        if fields[exact] != nil { return exact }
        let folded = fold(exact)
        return fields.keys.first { fold($0) == folded }
    }

    /// Folds case as Go does: of ASCII letters, and of the two other letters whose other case is an ASCII letter.
    private static func fold(_ name: String) -> [UInt8] {
        name.unicodeScalars.flatMap { scalar -> [UInt8] in
            switch scalar.value {
            case 0x41...0x5a: [UInt8(scalar.value) + 0x20]
            case 0x17f: [UInt8(ascii: "s")]
            case 0x212a: [UInt8(ascii: "k")]
            default: Array(String(scalar).utf8)
            }
        }
    }
}

// Reading
extension GoJSON {
    private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { offset += 1 }
    }

    private func unexpected(_ place: String) -> Failure {
        let found = peek.map { byte in
            byte > 0x20 && byte < 0x7f
                ? "the character \(String(UnicodeScalar(byte)))" : "the byte 0x\(byte.hexadecimal)"
        }
        return .malformed(offset: offset, found: "\(found ?? "the end of the document") \(place)")
    }

    private mutating func expect(_ byte: UInt8, _ place: String) throws(Failure) {
        guard peek == byte else { throw unexpected(place) }
        offset += 1
    }

    /// Skips a value of any kind, without recursion: documents may be nested deeper than a thread's stack.
    private mutating func skipValue(depth: Int) throws(Failure) {
        var open: [UInt8] = []
        while true {
            skipSpace()
            switch peek {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open.append(bytes[offset])
                guard depth + open.count <= Self.deepest else {
                    throw .malformed(offset: offset, found: "more than \(Self.deepest) levels")
                }
                offset += 1
                skipSpace()
                if open.last == UInt8(ascii: "{"), peek != UInt8(ascii: "}") {
                    try skipName()
                    continue
                }
                if open.last == UInt8(ascii: "["), peek != UInt8(ascii: "]") { continue }
            case UInt8(ascii: "\""): _ = try string()
            case UInt8(ascii: "t"): try literal("true")
            case UInt8(ascii: "f"): try literal("false")
            case UInt8(ascii: "n"): try literal("null")
            default: try number()
            }
            // This value may be the last one in several open containers.
            while true {
                guard let container = open.last else { return }
                skipSpace()
                if peek == UInt8(ascii: ",") {
                    offset += 1
                    skipSpace()
                    if container == UInt8(ascii: "{") { try skipName() }
                    break
                }
                try expect(
                    container == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]"),
                    container == UInt8(ascii: "{") ? "in an object" : "in a list")
                open.removeLast()
            }
        }
    }

    private mutating func skipName() throws(Failure) {
        _ = try string()
        skipSpace()
        try expect(UInt8(ascii: ":"), "after a name")
    }

    private mutating func literal(_ word: String) throws(Failure) {
        for byte in word.utf8 { try expect(byte, "in \(word)") }
    }

    private mutating func number() throws(Failure) {
        if peek == UInt8(ascii: "-") { offset += 1 }
        if peek == UInt8(ascii: "0") { offset += 1 } else { try digits("where a value begins") }
        if peek == UInt8(ascii: ".") {
            offset += 1
            try digits("in a number")
        }
        guard peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") else { return }
        offset += 1
        if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { offset += 1 }
        try digits("in a number")
    }

    private mutating func digits(_ place: String) throws(Failure) {
        let start = offset
        while let byte = peek, byte >= 0x30, byte < 0x3a { offset += 1 }
        guard offset > start else { throw unexpected(place) }
    }

    /// The text of a string. Bytes that are not UTF-8, and lone surrogates, become U+FFFD.
    private mutating func string() throws(Failure) -> [UInt8] {
        try expect(UInt8(ascii: "\""), "where a text begins")
        var text: [UInt8] = []
        var start = offset
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                text += bytes[start..<offset]
                offset += 1
                return Array(String(decoding: text, as: UTF8.self).utf8)
            case UInt8(ascii: "\\"):
                text += bytes[start..<offset]
                text += try escape()
                start = offset
            case 0..<0x20: throw unexpected("in a text")
            default: offset += 1
            }
        }
        throw unexpected("in a text")
    }

    private mutating func escape() throws(Failure) -> [UInt8] {
        offset += 1
        guard let byte = peek else { throw unexpected("in a text") }
        let simple: [UInt8: UInt8] = [
            0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 0x08, 0x66: 0x0c, 0x6e: 0x0a, 0x72: 0x0d, 0x74: 0x09,
        ]
        if let value = simple[byte] {
            offset += 1
            return [value]
        }
        guard byte == UInt8(ascii: "u") else { throw unexpected("after a backslash") }
        offset += 1
        var units = [try unit()]
        if (0xd800..<0xdc00).contains(units[0]), bytes[offset...].starts(with: "\\u".utf8) {
            let back = offset
            offset += 2
            let low = try unit()
            if (0xdc00..<0xe000).contains(low) { units.append(low) } else { offset = back }
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    private mutating func unit() throws(Failure) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = peek.flatMap(Self.hexadecimal) else { throw unexpected("after \\u") }
            value = value << 4 | UInt16(digit)
            offset += 1
        }
        return value
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// Writes a text as JSON.
    private mutating func write(_ text: [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case 0..<0x20: output += Array("\\u00\(byte.hexadecimal)".utf8)
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
