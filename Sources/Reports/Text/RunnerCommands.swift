/// Commands that a CI runner executes when a step prints them.
///
/// | runner | command | where |
/// |---|---|---|
/// | GitHub, Gitea, Forgejo | `::error …::`, `::stop-commands::`, `::add-mask::` | at the beginning of a line, or after blanks |
/// | GitHub, Azure, TeamCity | `##[error]`, `##vso[…]`, `##teamcity[…]` | anywhere |
/// | Buildkite | `--- `, `+++ `, `~~~ `, `^^^ +++` | at the beginning of a line |
/// | GitLab, Travis | `section_start:…`, `travis_fold:…`, `travis_time:…` | anywhere |
///
/// Sources: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>,
/// <https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands>,
/// <https://www.jetbrains.com/help/teamcity/service-messages.html>, <https://buildkite.com/docs/pipelines/configure/managing-log-output>,
/// <https://docs.gitlab.com/ci/jobs/job_logs/>.
enum RunnerCommands {
    /// How to write the character at which a command is broken.
    enum Form {
        /// The character with a � before it, for people.
        case mark
        /// `&#58;`, for XML and HTML.
        case reference
        /// `\u003a`, for JSON.
        case json
        /// `\x3a`, for double-quoted YAML.
        case yaml

        fileprivate func written(_ scalar: Unicode.Scalar) -> String {
            let code = String(scalar.value, radix: 16)
            return switch self {
            case .mark: "\u{fffd}\(scalar)"
            case .reference: "&#\(scalar.value);"
            case .json: "\\u00\(code)"
            case .yaml: "\\x\(code)"
            }
        }
    }

    /// The text with every command broken, so that no runner executes it. Other text is unchanged. Linear in the text's
    /// length.
    static func broken(_ text: String, as form: Form) -> String {
        guard mayHold(text) else { return text }
        let scalars = Array(text.unicodeScalars)
        var scan = Scan(scalars: scalars)
        var breaks: [Int] = []
        for index in scalars.indices {
            if scan.breaks == index { breaks.append(index) }
            scan.look(at: index)
        }
        return breaks.isEmpty ? text : scalars.text(replacing: breaks, form.written)
    }

    /// Whether the text may hold a command: a sign twice in a row, or an underscore as in `travis_` and `section_`.
    private static func mayHold(_ text: String) -> Bool {
        var before: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "_") where before == UInt8(ascii: "s") || before == UInt8(ascii: "n"): return true
            case before where ":#-+~^".utf8.contains(byte): return true
            default: before = byte
            }
        }
        return false
    }
}

/// One pass over a text.
private struct Scan {
    let scalars: [Unicode.Scalar]
    /// The index of the next character to break.
    private(set) var breaks = -1
    /// Whether only blanks and escapes came since the last line end.
    private var atStart = true
    /// The end of the current escape sequence.
    private var escapeEnd = 0
    /// A cache: from `from` on, the next `::` or line end is at `at`.
    private var closing = (from: -1, at: -1)

    init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    mutating func look(at index: Int) {
        let scalar = scalars[index]
        if index < escapeEnd { return }
        if breaks <= index, let place = command(at: index) { breaks = place }
        switch scalar {
        case "\n", "\r": atStart = true
        case "\u{1b}": escapeEnd = endOfEscape(index)
        default: if atStart, !scalar.properties.isWhitespace { atStart = false }
        }
    }

    /// The index of the character to break, if a command begins here.
    private mutating func command(at index: Int) -> Int? {
        switch scalars[index] {
        case ":" where at(index + 1) == ":": return isWorkflowCommand(index) ? index + 1 : nil
        case "#" where at(index + 1) == "#": return at(endOfWord(index + 2)) == "[" ? index + 1 : nil
        case "-" where atStart, "+" where atStart, "~" where atStart: return isHeading(index) ? index + 1 : nil
        case "^" where atStart: return has("^^^", at: index) ? index + 1 : nil
        case "_":
            for word in ["travis_fold", "travis_time", "section_start", "section_end"] {
                let start = index - (word.firstIndex(of: "_").map { word.distance(from: word.startIndex, to: $0) } ?? 0)
                if start >= 0, has(word + ":", at: start) { return start + word.count }
            }
            return nil
        default: return nil
        }
    }

    /// At the beginning of a line: `::name`, or `::` with another `::` after it. Elsewhere: `::name …::` that does not
    /// follow a word, as it does in C++.
    private mutating func isWorkflowCommand(_ index: Int) -> Bool {
        let begins = at(index + 2).map(Self.isLetter) ?? false
        if atStart { return begins || closes(index + 2) }
        if index > 0, Self.isOfWord(scalars[index - 1]) { return false }
        guard begins else { return false }
        let end = endOfWord(index + 2)
        return has("::", at: end) || at(end) == " " && closes(end)
    }

    /// Whether the same sign three times and a blank begin here.
    private func isHeading(_ index: Int) -> Bool {
        guard at(index + 1) == scalars[index], at(index + 2) == scalars[index] else { return false }
        return at(index + 3) == " " || at(index + 3) == "\t"
    }

    /// Whether a `::` follows on the line. The cache keeps the scan linear.
    private mutating func closes(_ start: Int) -> Bool {
        if closing.from >= 0, closing.from <= start, closing.at >= start { return has("::", at: closing.at) }
        var index = start
        while let scalar = at(index), scalar != "\n", scalar != "\r", !has("::", at: index) { index += 1 }
        closing = (start, index)
        return has("::", at: index)
    }

    private func at(_ index: Int) -> Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private func has(_ word: String, at start: Int) -> Bool {
        var index = start
        for scalar in word.unicodeScalars {
            guard at(index) == scalar else { return false }
            index += 1
        }
        return true
    }

    /// The index after the letters, digits, `-` and `_` that begin here.
    private func endOfWord(_ start: Int) -> Int {
        var index = start
        while let scalar = at(index), Self.isOfWord(scalar) || scalar == "-" { index += 1 }
        return index
    }

    /// The index after a control sequence, ECMA-48 5.4.
    private func endOfEscape(_ start: Int) -> Int {
        guard at(start + 1) == "[" else { return start + 1 }
        var index = start + 2
        while let scalar = at(index), !(0x40...0x7e).contains(scalar.value), scalar != "\n" { index += 1 }
        return index + 1
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        isLetter(scalar) || ("0"..."9").contains(scalar) || scalar == "_"
    }
}
