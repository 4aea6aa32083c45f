import Evidence
import Findings
public import OCI

/// A policy as text, one rule for each line; `#` begins a comment:
///
///     # kind (optional)          path
///     allow                      /opt/app/testdata/**
///     allow artifact-loader-missing /usr/lib/plugins/*.so
///
/// A rule without a kind allows `artifact-foreign-binary`. In a path, `*` matches any characters except a slash, `?`
/// one such character, and `**` any characters. A missing entrypoint is matched by its name in the image's
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
            let words = line.prefix { $0 != "#" }.split { $0.properties.isWhitespace }.map { String($0) }
            guard let verb = words.first else { continue }
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
            guard let pattern = words.last, pattern.hasPrefix("/") || kind == .entrypointMissing else {
                throw ParseError(
                    line: index + 1, expected: "a path that begins with a slash", found: words.last ?? "nothing")
            }
            rules.append(Rule(kind: kind, pattern: pattern))
        }
    }
}
