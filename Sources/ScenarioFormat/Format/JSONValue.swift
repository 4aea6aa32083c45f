import Files

/// A JSON document whose members keep their order, so that generated text is reproducible.
indirect enum JSONValue: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case number(Double)
    case flag(Bool)
    case list([JSONValue])
    case object([Member])

    struct Member: Sendable, Equatable {
        var key: String
        var value: JSONValue

        init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// JSON by RFC 8259, indented by two spaces a level; on one line if `indent` is nil.
    func text(indent: Int? = 0) -> String {
        switch self {
        case .text(let text): return Self.quoted(text)
        case .integer(let number): return String(number)
        case .number(let number): return number == number.rounded() ? String(Int(number)) : String(number)
        case .flag(let flag): return flag ? "true" : "false"
        case .list(let items):
            return Self.block("[", "]", items.map { $0.text(indent: indent.map { $0 + 1 }) }, indent)
        case .object(let members):
            let space = indent == nil ? "" : " "
            return Self.block(
                "{", "}",
                members.map { "\(Self.quoted($0.key)):\(space)\($0.value.text(indent: indent.map { $0 + 1 }))" }, indent
            )
        }
    }

    private static func block(_ open: String, _ close: String, _ parts: [String], _ indent: Int?) -> String {
        guard let indent, !parts.isEmpty else { return open + parts.joined(separator: ",") + close }
        let inner = "\n" + String(repeating: "  ", count: indent + 1)
        let outer = "\n" + String(repeating: "  ", count: indent)
        return open + inner + parts.joined(separator: "," + inner) + outer + close
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                quoted += "\\u\(UInt16(scalar.value).hexadecimal)"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
