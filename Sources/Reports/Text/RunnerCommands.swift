/// Commands that a CI runner finds in what a step prints, and executes.
///
/// | runner | command | where |
/// |---|---|---|
/// | GitHub, Gitea, Forgejo | `::error …::`, `::stop-commands::`, `::add-mask::` | at the beginning of a line, behind blanks too |
/// | GitHub, Azure, TeamCity | `##[error]`, `##vso[…]`, `##teamcity[…]` | anywhere |
/// | Buildkite | `--- `, `+++ `, `~~~ `, `^^^ +++` | at the beginning of a line |
/// | GitLab, Travis | `section_start:…`, `travis_fold:…`, `travis_time:…` | anywhere |
///
/// Sources: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>,
/// <https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands>,
/// <https://www.jetbrains.com/help/teamcity/service-messages.html>, <https://buildkite.com/docs/pipelines/configure/managing-log-output>,
/// <https://docs.gitlab.com/ci/jobs/job_logs/>.
enum RunnerCommands {
    /// How the character is written without which a command is none.
    enum Form {
        /// With a � before it, for people.
        case mark
        /// `&#58;`, which means the same to readers of XML and HTML.
        case reference
        /// `\u003a`, which means the same to readers of JSON.
        case json
        /// `\x3a`, which means the same to readers of double-quoted YAML.
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

    /// The text in which no runner finds a command. What is none of them stays as it is. Linear in the text's length.
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

    /// Whether a closer look is worth while: two equal signs side by side, or an underscore as it stands in `travis_` and `section_`.
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
    /// The next character that must not stay as it is.
    private(set) var breaks = -1
    /// Only blanks and escapes have come since the last line end.
    private var atStart = true
    /// Up to here an escape sequence of Assay's own goes.
    private var escapeEnd = 0
    /// The last place for which the next `::` was looked up, and where that is.
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

    /// Where a command that begins here is to be broken.
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

    /// `::name`, or `::` and another `::` behind it, where a line begins; elsewhere `::name …::` that does not continue a word, as in C++.
    private mutating func isWorkflowCommand(_ index: Int) -> Bool {
        let begins = at(index + 2).map(Self.isLetter) ?? false
        if atStart { return begins || closes(index + 2) }
        if index > 0, Self.isOfWord(scalars[index - 1]) { return false }
        guard begins else { return false }
        let end = endOfWord(index + 2)
        return has("::", at: end) || at(end) == " " && closes(end)
    }

    /// Three equal signs and a blank.
    private func isHeading(_ index: Int) -> Bool {
        guard at(index + 1) == scalars[index], at(index + 2) == scalars[index] else { return false }
        return at(index + 3) == " " || at(index + 3) == "\t"
    }

    /// A `::` follows on the line. Each part of the text is looked through once.
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

    /// Behind the letters, digits, `-` and `_` that begin here.
    private func endOfWord(_ start: Int) -> Int {
        var index = start
        while let scalar = at(index), Self.isOfWord(scalar) || scalar == "-" { index += 1 }
        return index
    }

    /// Behind a control sequence, ECMA-48 5.4.
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
