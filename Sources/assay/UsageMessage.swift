import Reports

/// ArgumentParser's message about a wrong command line.
struct UsageMessage {
    let text: String

    init(_ text: String) { self.text = text }

    /// Without the whole help, which it appends where an argument is missing: that argument's line is enough. And with a
    /// hint that can be typed as it stands.
    var short: String {
        guard let help = text.firstRange(of: "\n\nOVERVIEW:") else { return typeable(text) }
        let error = String(text[..<help.lowerBound])
        let lines = text[help.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
        let usage = lines.first { $0.hasPrefix("USAGE: ") }?.dropFirst("USAGE: ".count) ?? ""
        // `assay probe [<options>] <name>`: the words before the first that stands for something.
        let command = usage.split(separator: " ").dropFirst().prefix { $0.first?.isLetter == true }
            .joined(separator: " ")
        return "\(error)\(about(error, in: lines)) (see 'assay help \(command)')"
    }

    /// A help that fits a screen: the options that many commands share come last, and only by name.
    var ordered: String {
        var parts = text.split(separator: "\n\n", omittingEmptySubsequences: false).map(Self.withShortUsage)
        if let index = parts.firstIndex(where: { $0.hasPrefix(Self.sharedTitle) }),
            let own = parts.lastIndex(where: { $0.hasPrefix("OPTIONS:") }), own > index
        {
            let names = Self.names(in: parts.remove(at: index))
            // A name and its value stay together.
            let words = names.map { "[\($0.replacing(" ", with: "\u{a0}"))]" }.joined(separator: " ")
            let lines = words.wrapped(to: 78).map { "  " + $0.replacing("\u{a0}", with: " ") }
            let title = "SHARED OPTIONS (assay help options tells each):"
            parts.insert(([title] + lines).joined(separator: "\n"), at: own)
        }
        return parts.map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }.joined(separator: "\n\n")
    }

    /// The shared options of a help, in full.
    var shared: String {
        let parts = text.split(separator: "\n\n", omittingEmptySubsequences: false)
        return parts.first { $0.hasPrefix(Self.sharedTitle) }.map(String.init) ?? ""
    }

    private static let sharedTitle = "SHARED OPTIONS:"

    /// The names in a group of a help: `-j, --jobs <jobs>`.
    private static func names(in group: String) -> [String] {
        group.split(separator: "\n").filter { $0.hasPrefix("  -") }.map { line in
            let words = line.dropFirst(2)
            if let end = words.firstIndex(of: ">") { return String(words[...end]) }
            return String(words.firstRange(of: "  ").map { words[..<$0.lowerBound] } ?? words)
        }
    }

    /// Without the options, where their list is longer than a line.
    private static func withShortUsage(_ part: Substring) -> String {
        guard part.hasPrefix("USAGE: "), part.count > 80 else { return String(part) }
        var depth = 0
        let words = part.filter { character in
            if character == "[" { depth += 1 }
            if character == "]" { depth -= 1 }
            return depth == 0 && character != "]"
        }
        return words.split(separator: " ").joined(separator: " ") + " [<options>]"
    }

    /// The help's text about the argument in quotes.
    private func about(_ error: String, in lines: [Substring]) -> String {
        guard let open = error.firstRange(of: "'"), let close = error[open.upperBound...].firstRange(of: "'"),
            case let name = error[open.upperBound..<close.lowerBound].prefix(while: { $0 != " " }),
            let index = lines.firstIndex(where: { $0.hasPrefix("  \(name) ") })
        else { return "" }
        let first = lines[index].dropFirst(name.count + 2)
        let rest = lines[(index + 1)...].prefix { $0.hasPrefix("        ") }
        let words = ([first] + rest).flatMap { $0.split(separator: " ") }.joined(separator: " ")
        return words.isEmpty ? "" : ": \(words.hasSuffix(".") ? String(words.dropLast()) : words)"
    }

    /// Turns `See 'probe --help'`, which no shell knows, into `See 'assay help probe'`.
    private func typeable(_ text: String) -> String {
        guard let see = text.firstRange(of: "See '"), let end = text[see.upperBound...].firstRange(of: " --help'")
        else {
            return text
        }
        let command = text[see.upperBound..<end.lowerBound]
        let words = command.split(separator: " ").drop { $0 == "assay" }
        let hint = (["assay", "help"] + words.map(String.init)).joined(separator: " ")
        let (before, after) = (text[..<see.upperBound], text[text.index(before: end.upperBound)...])
        return String(before) + hint + String(after)
    }
}
