import Evidence
import Findings
public import OCI

/// A policy as text, one rule for each line; a `#` before a word begins a comment:
///
///     # kind (optional)          path
///     allow                      /opt/app/testdata/**
///     allow artifact-loader-missing /usr/lib/plugins/*.so
///     allow artifact-foreign-binary "/opt/My App/a*"
///
/// A rule without a kind allows `artifact-foreign-binary`. In a path, `*` matches any characters except a slash, `?`
/// one such character, and `**` any characters. In double quotes blanks, `#` and wildcards stand for themselves, and `\"` and
/// `\\` for a quote and a backslash. A missing entrypoint is matched by its name in the image's
/// configuration, with or without a slash.
extension ArtifactPolicy {
    /// A malformed line of a policy.
    public struct ParseError: Error, Sendable, Equatable, CustomStringConvertible {
        /// The line, counted from 1.
        public var line: Int
        public var expected: String
        public var found: String

        public var description: String {
            "line \(line): expected \(expected), found \(found)"
        }
    }

    /// Parses a policy. Its rules are added to the standard ones.
    ///
    /// - Throws: `ParseError` for a line that is not a rule.
    public init(parsing text: String) throws(ParseError) {
        self = .standard
        // Not characters: `\r\n` is one, and not a line end.
        for (index, line) in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let parts = Self.words(line) else {
                throw ParseError(
                    line: index + 1, expected: "a quote at the end of the path", found: "the end of the line")
            }
            let words = parts.map(\.text)
            guard let verb = words.first, let path = parts.last else { continue }
            guard verb == "allow", words.count == 2 || words.count == 3 else {
                throw ParseError(
                    line: index + 1, expected: "allow [KIND] PATH", found: words.joined(separator: " "))
            }
            guard
                let kind = words.count == 2 ? .foreignBinary : Self.kinds.first(where: { $0.code.rawValue == words[1] })
            else {
                let known = Self.kinds.map(\.code.rawValue).joined(separator: ", ")
                throw ParseError(line: index + 1, expected: "one of \(known)", found: words[1])
            }
            // A missing entrypoint has no path, only a name in the image's configuration.
            guard path.text.hasPrefix("/") || kind == .entrypointMissing else {
                throw ParseError(line: index + 1, expected: "a path that begins with a slash", found: path.text)
            }
            rules.append(Rule(kind: kind, pattern: path.text, isLiteral: path.isQuoted))
        }
    }

    /// The words of a line, without its comment; nil if a quote is not closed.
    private static func words(_ line: Substring.UnicodeScalarView) -> [(text: String, isQuoted: Bool)]? {
        var words: [(text: String, isQuoted: Bool)] = []
        var rest = line.drop(while: \.properties.isWhitespace)
        while let first = rest.first, first != "#" {
            var word = String.UnicodeScalarView()
            if first == "\"" {
                rest.removeFirst()
                while let next = rest.first, next != "\"" {
                    rest.removeFirst()
                    // A backslash before another character stands for itself.
                    let isEscape = next == "\\" && (rest.first == "\"" || rest.first == "\\")
                    word.append(isEscape ? rest.removeFirst() : next)
                }
                guard !rest.isEmpty else { return nil }
                rest.removeFirst()
            } else {
                word.append(contentsOf: rest.prefix { !$0.properties.isWhitespace })
                rest = rest.dropFirst(word.count)
            }
            words.append((String(word), first == "\""))
            rest = rest.drop(while: \.properties.isWhitespace)
        }
        return words
    }
}
