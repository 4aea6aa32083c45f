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

    /// A help in which the options that many commands share come last.
    var ordered: String {
        let parts = text.split(separator: "\n\n", omittingEmptySubsequences: false).map(String.init)
        guard let index = parts.firstIndex(where: { $0.hasPrefix("SHARED OPTIONS:") }),
            let own = parts.lastIndex(where: { $0.hasPrefix("OPTIONS:") }), own > index
        else { return text }
        var ordered = parts
        ordered.insert(ordered.remove(at: index), at: own)
        return ordered.map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }.joined(separator: "\n\n")
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
        return text[..<see.upperBound] + hint + text[text.index(before: end.upperBound)...]
    }
}
