import Sandbox
import Testing

@Suite("Help") struct HelpTests {
    private func help(_ words: String) throws -> String {
        let outcome = Outcome(
            Supervisor(jobs: 1).run(try Machine().launch(["help"] + words.split(separator: " ").map(String.init))))
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        return outcome.output
    }

    @Test(
        "each command has two examples that begin with what it is",
        arguments: [
            "accept", "host", "probe", "run", "artifact", "builders", "builders create", "handler",
            "handler list", "handler install", "handler remove", "drill", "list",
            "explain", "report", "report render", "report merge", "report npd", "history",
            "history list", "history show", "history prune", "history export", "watch", "completions",
            "licenses", "version",
        ])
    func examples(command: String) throws {
        let text = try help(command)
        let examples = text.components(after: "Examples:\n")
        #expect(examples.count { $0.contains("assay \(command)") } >= 2, "\(text)")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 50 && lines.allSatisfy { $0.count <= 80 }, "\(text)")
    }

    @Test("options that commands share are the same in each, by name after the command's own, and told once")
    func shared() throws {
        var groups: [String: String] = [:]
        for command in ["accept", "host", "probe", "run", "artifact", "builders prove"] {
            let parts = try help(command).components(
                separatedBy: "SHARED OPTIONS (assay help options tells each):\n")
            try #require(parts.count == 2, "\(command): \(parts)")
            groups[command] = parts[1].trimmingSuffix
            #expect(parts[0].contains("OPTIONS:\n") && !parts[0].contains("--timeout "), "\(command)")
        }
        #expect(Set(groups.values).count == 1, "\(groups)")
        for option in ["--format", "--report", "--allow", "--config", "--fail-on", "--timeout", "--filter"] {
            #expect(groups["accept"]?.contains("[\(option) <") == true, "\(option)")
            #expect(try help("options").contains("\n  \(option) <"), "\(option)")
        }
        // The help command also tells of the program's own --version.
        let lines = { (text: String) in text.split(separator: "\n").filter { !$0.contains("  --version ") } }
        let own = Outcome(Supervisor(jobs: 1).run(try Machine().launch(["watch", "--help"]))).output
        #expect(try lines(help("watch")) == lines(own))
    }

    @Test("a list has a header, is the same as JSON, and fits a terminal")
    func lists() throws {
        let machine = try Machine()
        for (subject, header, first) in [
            ("probes", "  NAME ", "name"), ("findings", "  CODE ", "code"), ("limits", "  CODE ", "code"),
            ("drills", "  NAME ", "name"), ("venues", "  NAME ", "name"), ("formats", "  NAME ", "name"),
            ("contexts", "  NAME ", "name"), ("images", "  NAME ", "name"),
        ] {
            let lines = machine.assay("list", subject).output.split(separator: "\n")
            #expect(lines.first?.hasPrefix(header) == true, "\(lines.first ?? "")")
            let names = lines.dropFirst().compactMap { $0.split(separator: " ").first.map(String.init) }
            let json = machine.run("\"$0\" list \(subject) --format json | jq -r '.[].\(first)'")
            #expect(json.status == 0 && json.output.split(separator: "\n").map(String.init) == names, "\(subject)")
        }
        let narrow = machine.run(
            "exec script -qec \"stty cols 80; '$0' list probes\" /dev/null")
        let widths = narrow.output.split(whereSeparator: \.isNewline).map(\.count)
        #expect(widths.count > 60 && (widths.max() ?? 99) <= 80, "\(narrow)")
    }
}

extension String {
    /// The lines after a word, up to an empty one.
    fileprivate func components(after word: String) -> [Substring] {
        guard let range = firstRange(of: word) else { return [] }
        return self[range.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
            .prefix { !$0.isEmpty }
    }

    fileprivate func components(separatedBy word: String) -> [String] { split(separator: word).map(String.init) }

    fileprivate var trimmingSuffix: String { split(separator: "\n").joined(separator: "\n") }
}
