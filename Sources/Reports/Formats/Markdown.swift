/// GitHub-flavoured Markdown in which no outside text becomes markup.
///
/// Specification: <https://github.github.com/gfm/>.
enum Markdown {
    /// Text on one line, for paragraphs and table cells. Character references replace what could begin markup or a
    /// mention.
    static func inline(_ text: String) -> String {
        // Drop leading blanks: four begin a code block.
        let text = withoutLinks(text.oneLine.drop { $0 == " " }).escaping { scalar in
            "\\`*_{}[]<>#!|~&@".unicodeScalars.contains(scalar)
                ? "&#\(scalar.value);" : scalar == gap ? "<!-- -->" : nil
        }
        // At the beginning of a line these begin a list or underline a heading.
        guard let first = text.unicodeScalars.first else { return text }
        if "-+=".unicodeScalars.contains(first) { return "&#\(first.value);" + String(text.unicodeScalars.dropFirst()) }
        // So does a number with a full stop or parenthesis and a blank: a list.
        let digits = text.unicodeScalars.prefix { ("0"..."9").contains($0) }
        let rest = text.unicodeScalars.dropFirst(digits.count)
        guard !digits.isEmpty, let mark = rest.first, ".)".unicodeScalars.contains(mark),
            rest.dropFirst().first.map({ $0 == " " }) ?? true
        else { return text }
        return String(digits) + "&#\(mark.value);" + String(rest.dropFirst())
    }

    /// A placeholder for an HTML comment. `oneLine` leaves none in its text.
    private static let gap: Unicode.Scalar = "\u{0}"

    /// Splits addresses and mentions by a comment. GitHub links them even when written with character references.
    private static func withoutLinks(_ text: some StringProtocol) -> String {
        let scalars = Array(text.unicodeScalars)
        func isOfWord(_ index: Int) -> Bool {
            scalars.indices.contains(index)
                && (scalars[index].properties.isAlphabetic || ("0"..."9").contains(scalars[index]))
        }
        func has(_ word: String, at index: Int) -> Bool {
            index + word.count <= scalars.count && zip(word.unicodeScalars, scalars[index...]).allSatisfy { $0 == $1 }
        }
        var result = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            result.append(scalar)
            let isMention = scalar == "@" && !isOfWord(index - 1) && isOfWord(index + 1)
            let isHost = !isOfWord(index - 3) && index >= 2 && ["www.", "WWW."].contains { has($0, at: index - 2) }
            if isMention || isHost || has("://", at: index) { result.append(gap) }
        }
        return String(result)
    }

    /// The rendered text within `limit` bytes, with runner commands broken, because the file may be a step's log. Each
    /// mark takes three bytes.
    static func safe(limit: Int, _ render: (_ limit: Int) -> String) -> String {
        let text = SafeText(render(limit)).string
        return text.utf8.count <= limit ? text : SafeText(render(limit / 2)).string
    }

    /// A code block. Its fence has more backticks than any run of them in the text.
    static func code(_ text: String) -> String {
        let text = text.printable
        var longest = 0
        var run = 0
        for scalar in text.unicodeScalars {
            run = scalar == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)\n\(text)\n\(fence)"
    }

    static func table(_ header: [String], _ rows: [[String]]) -> String {
        let lines = [header, header.map { _ in "---" }] + rows.map { $0.map(inline) }
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    /// As many blocks as fit, with a blank line between them. A notice says that blocks were left out.
    static func joined(_ blocks: [String], limit: Int) -> String {
        let notice = "…and more, which GitHub's limit for summaries leaves no room for."
        var text = ""
        for (index, block) in blocks.enumerated() {
            let isLast = index == blocks.count - 1
            guard text.utf8.count + block.utf8.count + 2 + (isLast ? 0 : notice.utf8.count + 2) <= limit else {
                return text.utf8.count + notice.utf8.count + 2 <= limit ? text + notice + "\n\n" : text
            }
            text += block + "\n\n"
        }
        return text
    }

    static func mark(_ outcome: String) -> String {
        switch outcome {
        case "pass", "fit": "✅"
        case "fail", "unfit": "❌"
        case "broken", "undetermined": "❓"
        default: "⏭️"
        }
    }
}
