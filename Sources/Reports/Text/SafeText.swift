/// Text for a terminal or a CI log: nothing in it steers the one, or is a command to the other.
///
/// It is the only thing that standard output and standard error take, and there are two ways to make it. A literal with interpolations
/// trusts the literal, which is Assay's own, and nothing that is interpolated: `"\(error)"` is put on one line, `"\(lines: text)"` keeps its
/// line ends. The forms of a report make it of a whole document.
public struct SafeText: Sendable, Equatable, CustomStringConvertible {
    /// What is written.
    public let string: String

    public var description: String { string }

    /// Of text from anywhere; its line ends stay.
    public init(_ text: String) { self.init(text, as: .mark) }

    /// Of a text whose commands can be written so that its readers still read the same.
    init(_ text: String, as form: RunnerCommands.Form) { string = RunnerCommands.broken(text.printable, as: form) }

    /// Of text that is made of nothing but literals and parts that are safe already.
    init(trusted text: String) { string = text }

    /// A document of JSON: readable, the same for the same content, and read back as it was.
    ///
    /// - Throws: `EncodingError`.
    public static func json(_ document: some Encodable) throws -> SafeText {
        SafeText(trusted: try JSONReport.text(document))
    }

    /// What a renderer makes, with colours if they are wanted. A text in which something had to be made visible has none: so no escape
    /// is an outsider's.
    static func painted(colours: Bool, _ render: (_ colours: Bool) -> String) -> SafeText {
        let plain = render(false)
        let safe = SafeText(plain)
        return colours && safe.string == plain ? SafeText(trusted: render(true)) : safe
    }
}

extension SafeText: ExpressibleByStringInterpolation {
    public init(stringLiteral literal: String) { string = literal }

    public init(stringInterpolation parts: Interpolation) {
        // Two harmless parts may be a command once they stand side by side.
        string = RunnerCommands.broken(parts.text, as: .mark)
    }

    /// Trusts literals, and nothing else.
    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        public mutating func appendLiteral(_ literal: String) { text += literal }

        public mutating func appendInterpolation(_ value: some Any) { text += String(describing: value).oneLine }

        public mutating func appendInterpolation(_ safe: SafeText) { text += safe.string }

        public mutating func appendInterpolation(lines value: some Any) { text += String(describing: value).printable }
    }
}
