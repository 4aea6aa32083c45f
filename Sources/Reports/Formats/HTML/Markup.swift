/// HTML in which no outside text becomes markup: what is interpolated is escaped, unless it is markup itself.
///
/// Literals are trusted. A text that comes from a report is only ever interpolated.
struct Markup: ExpressibleByStringInterpolation {
    private(set) var text: String

    init(stringLiteral literal: String) { text = literal }

    init(stringInterpolation parts: Interpolation) { text = parts.text }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { text += literal }

        mutating func appendInterpolation(_ outside: String) { text += XMLText.escaped(outside) }

        mutating func appendInterpolation(_ number: Int) { text += String(number) }

        mutating func appendInterpolation(_ markup: Markup) { text += markup.text }

        /// A line each.
        mutating func appendInterpolation(_ parts: [Markup]) {
            for (index, part) in parts.enumerated() { text += (index > 0 ? "\n" : "") + part.text }
        }
    }
}

extension Markup {
    /// The name of a check or a host, with line breaks allowed after `/` and `@`.
    static func name(_ name: String) -> Markup {
        var inner: Markup = "\(name)"
        inner.text = inner.text.replacing("/", with: "/<wbr>").replacing("@", with: "@<wbr>")
        return "<code>\(inner)</code>"
    }
}
