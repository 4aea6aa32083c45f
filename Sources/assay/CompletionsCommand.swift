import ArgumentParser

struct CompletionsCommand: ParsableCommand {
    enum Shell: String, Words {
        case bash, zsh, fish
    }

    static let configuration = CommandConfiguration(
        commandName: "completions", _superCommandName: "assay",
        abstract: "Print the completion script of a shell.",
        discussion: """
            The script asks assay itself for names: of probes, images, findings, drills, builders, scenarios and more.

            Examples:
              source <(assay completions bash)
              assay completions zsh >/usr/local/share/zsh/site-functions/_assay
              assay completions fish >~/.config/fish/completions/assay.fish
            """)

    @Argument(help: "The shell: bash, zsh or fish.")
    var shell: Shell

    mutating func run() throws {
        // The two lists have the same names: the parser knows no others.
        guard let shell = CompletionShell(rawValue: shell.rawValue) else {
            throw ValidationError("the parser has no completion script for \(shell.rawValue).")
        }
        try StandardOutput.write(own: Array("\(CompletedAssay.completionScript(for: shell))\n".utf8))
    }
}
