/// Text for a terminal or a CI log, free of terminal controls and runner commands.
///
/// Standard output and standard error take nothing else. A string literal is trusted, its interpolated values are not:
/// `"\(error)"` is put on one line, `"\(lines: text)"` keeps its line ends. The forms of a report make a whole document
/// safe.
public struct SafeText: Sendable, Equatable, CustomStringConvertible {
    /// The text to write.
    public let string: String

    public var description: String { string }

    /// Makes any text safe. Line ends stay.
    public init(_ text: String) { self.init(text, as: .mark) }

    /// Makes a document safe: commands are broken by escapes of its format, so that its content stays the same.
    init(_ text: String, as form: RunnerCommands.Form) { string = RunnerCommands.broken(text.printable, as: form) }

    /// Takes text that consists of literals and safe parts only.
    init(trusted text: String) { string = text }

    /// A JSON document, indented, with sorted keys, whose strings decode unchanged.
    ///
    /// - Throws: `EncodingError`.
    public static func json(_ document: some Encodable) throws -> SafeText {
        SafeText(trusted: try JSONReport.text(document))
    }

    /// The renderer's text, with colours if wanted and if the plain text is already safe: then every escape is Assay's
    /// own.
    static func painted(colours: Bool, _ render: (_ colours: Bool) -> String) -> SafeText {
        let plain = render(false)
        let safe = SafeText(plain)
        return colours && safe.string == plain ? SafeText(trusted: render(true)) : safe
    }
}

extension SafeText: ExpressibleByStringInterpolation {
    public init(stringLiteral literal: String) { string = literal }

    public init(stringInterpolation parts: Interpolation) {
        // Two harmless parts may form a command together.
        string = RunnerCommands.broken(parts.text, as: .mark)
    }

    /// Trusts literals and `SafeText` only.
    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        public mutating func appendLiteral(_ literal: String) { text += literal }

        public mutating func appendInterpolation(_ value: some Any) { text += String(describing: value).oneLine }

        public mutating func appendInterpolation(_ safe: SafeText) { text += safe.string }

        public mutating func appendInterpolation(lines value: some Any) { text += String(describing: value).printable }
    }
}
