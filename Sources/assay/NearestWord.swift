import Reports
import ScenarioFormat

/// What a wrong word of a command line was probably meant to be, in ArgumentParser's message about it.
struct NearestWord {
    /// ArgumentParser's message, which may suggest an option of quite another meaning.
    let message: String
    /// The command, or one of its subcommands, may take `--format`.
    let takesForm: Bool

    /// The message with a suggestion where one is near, and without a far one.
    var corrected: String {
        var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let first = lines.first else { return message }
        if let option = Self.quoted(first, after: "Unknown option ") {
            lines[0] = "Error: Unknown option '\(option)'" + (hint(for: option, in: first).map { ". \($0)" } ?? "")
        } else if let word = Self.quoted(first, after: "The value "), let nearest = nearest(to: word, in: lines) {
            // Words that stand one a line below are told after the suggestion.
            let list = " Please provide one of the following:"
            lines[0] =
                first.hasSuffix(list)
                ? "\(first.dropLast(list.count)) Did you mean '\(nearest)'?\(list)"
                : "\(first) Did you mean '\(nearest)'?"
        }
        return lines.joined(separator: "\n")
    }

    /// A form of report is a value, whatever other programs have: `--json`. Else ArgumentParser's suggestion, if at most
    /// a third of the letters are wrong.
    private func hint(for option: String, in line: String) -> String? {
        let name = String(option.drop { $0 == "-" })
        if takesForm, ReportFormat(rawValue: name) != nil { return "Did you mean '--format \(name)'?" }
        guard let meant = Self.quoted(line, after: "Did you mean ") else { return nil }
        let distance = UnknownName.distance(name, String(meant.drop { $0 == "-" }))
        return distance * 3 <= name.count ? "Did you mean '\(meant)'?" : nil
    }

    /// The nearest of the words that ArgumentParser lists: in the line itself, or one a line below it.
    private func nearest(to word: String, in lines: [String]) -> String? {
        let below = lines.dropFirst().compactMap { $0.hasPrefix("  - ") ? String($0.dropFirst(4)) : nil }
        let parts = lines[0].split(separator: "'", omittingEmptySubsequences: false)
        // After the value and the argument every second part is a word.
        let beside =
            lines[0].contains("Please provide one of '") ? parts.enumerated().filter { $0.0 > 4 && $0.0 % 2 == 1 } : []
        let known = below + beside.map { String($0.1) }
        guard let nearest = UnknownName.nearest(to: word, in: known) else { return nil }
        return UnknownName.distance(word, nearest) * 3 <= max(3, word.count) ? nearest : nil
    }

    private static func quoted(_ line: String, after start: String) -> String? {
        guard let place = line.firstRange(of: start + "'") else { return nil }
        let rest = line[place.upperBound...]
        return rest.firstIndex(of: "'").map { String(rest[..<$0]) }
    }
}
