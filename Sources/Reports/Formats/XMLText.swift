/// XML 1.0 in which no outside text becomes markup.
///
/// Specification: <https://www.w3.org/TR/xml/#charsets>, <https://www.w3.org/TR/xml/#syntax>.
enum XMLText {
    /// Escapes content or an attribute's value. An attribute's line ends and tabs become references, which parsers
    /// keep.
    static func escaped(_ text: String, inAttribute: Bool = false) -> String {
        text.printable.escaping { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            case "\n" where inAttribute: "&#10;"
            case "\t" where inAttribute: "&#9;"
            default: nil
            }
        }
    }

    /// `<name key="value">` or `<name key="value"/>`. Attributes without a value are left out.
    static func tag(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], empty: Bool = false) -> String {
        var tag = "<" + name
        for case (let key, let value?) in attributes { tag += " \(key)=\"\(escaped(value, inAttribute: true))\"" }
        return tag + (empty ? "/>" : ">")
    }

    static func element(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], text: String) -> String {
        tag(name, attributes) + escaped(text) + "</\(name)>"
    }
}
