/// XML 1.0, as text: nothing of what came from outside becomes markup.
///
/// Specification: <https://www.w3.org/TR/xml/#charsets>, <https://www.w3.org/TR/xml/#syntax>.
enum XMLText {
    /// For content and attributes alike. Line ends stay line ends in attributes, too: a parser would make blanks of them.
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

    /// `<name key="value">`, or `<name key="value"/>`; attributes without a value are left out.
    static func tag(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], empty: Bool = false) -> String {
        var tag = "<" + name
        for case (let key, let value?) in attributes { tag += " \(key)=\"\(escaped(value, inAttribute: true))\"" }
        return tag + (empty ? "/>" : ">")
    }

    static func element(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], text: String) -> String {
        tag(name, attributes) + escaped(text) + "</\(name)>"
    }
}
