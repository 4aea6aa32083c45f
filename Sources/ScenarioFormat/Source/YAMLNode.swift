/// One value of a YAML file, with its place. Mappings keep the order of their keys, and duplicates, for the reader to
/// judge.
struct YAMLNode {
    struct Member {
        var key: String
        var place: Place
        var value: YAMLNode
    }

    enum Content {
        /// - Parameter isPlain: written without quotes, so that it may be a number or a special word.
        case scalar(String, isPlain: Bool)
        case list([YAMLNode])
        case map([Member])
    }

    var content: Content
    var place: Place
    /// Whether the rest of it could not be read: from there on the text is not YAML.
    var isCutOff = false

    /// A scalar's type by the core schema of YAML 1.2, with the words that older parsers read in another way.
    enum Scalar: Equatable {
        case text(String)
        case integer(Int)
        case number(Double)
        case flag(Bool)
        case null
        /// `yes`, `no`, `on`, `off`: text in YAML 1.2, true or false in YAML 1.1.
        case ambiguous(String)
    }

    var scalar: Scalar? {
        guard case .scalar(let text, let isPlain) = content else { return nil }
        guard isPlain else { return .text(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .flag(true)
        case "false", "False", "FALSE": return .flag(false)
        default: break
        }
        if ["yes", "no", "on", "off", "y", "n"].contains(text.lowercased()) { return .ambiguous(text) }
        if let number = Int(text) { return .integer(number) }
        // Swift also reads "inf", "nan" and hexadecimal fractions.
        if text.allSatisfy({ "0123456789+-.eE".contains($0) }), let number = Double(text) { return .number(number) }
        return .text(text)
    }

    /// For messages.
    var summary: String {
        switch content {
        case .list: return "a list"
        case .map: return "a mapping"
        case .scalar(let text, _):
            switch scalar {
            case .integer, .number: return "the number \(text)"
            case .flag: return "\(text)"
            case .null: return "nothing"
            default: return "\"\(text)\""
            }
        }
    }
}
