import Evidence
import Findings
public import OCI

/// A policy as text, one rule a line; what follows `#` is a comment:
///
///     # kind (optional)          path
///     allow                      /opt/app/testdata/**
///     allow artifact-loader-missing /usr/lib/plugins/*.so
///
/// A rule without a kind allows `artifact-foreign-binary`. In a path `*` stands for any characters but a slash, `?` for
/// one such character, `**` for any characters. An entrypoint that is not in the image goes by the name that its
/// configuration gives it, with or without a slash.
extension ArtifactPolicy {
    /// What is wrong with a line of a policy.
    public struct ParseError: Error, Sendable, Equatable, CustomStringConvertible {
        /// The line, counted from 1.
        public var line: Int
        public var expected: String
        public var found: String

        public var description: String {
            "line \(line): expected \(expected), found \(found)"
        }
    }

    /// Reads a policy. Its rules are added to the standard ones.
    ///
    /// - Throws: `ParseError` for a line that is no rule.
    public init(parsing text: String) throws(ParseError) {
        self = .standard
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split { $0.isWhitespace }.map(String.init)
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
            // An entrypoint that is not there has no path, only the name that the image gives it.
            guard let pattern = words.last, pattern.hasPrefix("/") || kind == .entrypointMissing else {
                throw ParseError(
                    line: index + 1, expected: "a path that begins with a slash", found: words.last ?? "nothing")
            }
            rules.append(Rule(kind: kind, pattern: pattern))
        }
    }
}
