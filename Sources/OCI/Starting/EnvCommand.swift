/// What `env` makes of the one argument that a script's first line hands to it.
///
/// Source: <https://www.gnu.org/software/coreutils/manual/html_node/env-invocation.html>
struct EnvCommand {
    /// The program that is started; nil where it is not certain which.
    var program: String?

    /// - Parameter argument: everything after `env` in the line, as the kernel passes it on: without `-S` one word, blanks included.
    init(argument: String) {
        guard argument.hasPrefix("-") else {
            // NAME=VALUE alone sets a variable, and the script itself is what is started.
            program = argument.contains("=") ? nil : argument
            return
        }
        guard let text = Self.split(argument) else { return }
        var words = text.split { $0 == " " || $0 == "\t" }.map(String.init)[...]
        // Quotes and variables are expanded by env; whoever uses them knows what it does.
        guard !words.contains(where: { $0.contains { "\"'\\$#".contains($0) } }) else { return }
        while let word = words.popFirst() {
            if word == "--" { continue }
            if ["-u", "-C", "--unset", "--chdir", "-a", "--argv0"].contains(word) {
                _ = words.popFirst()
            } else if word.hasPrefix("-") || word.contains("=") {
                // A search path of its own, or another directory: nothing is certain.
                if word.hasPrefix("PATH=") || word.hasPrefix("-C") || word.hasPrefix("--chdir") { return }
            } else {
                program = word
                return
            }
        }
    }

    /// What follows `-S`, which may stand at the end of other options in one word.
    private static func split(_ argument: String) -> Substring? {
        if argument.hasPrefix("--split-string") { return argument.dropFirst(14).drop { $0 == "=" || $0 == " " } }
        let options = argument.dropFirst().prefix { $0 != "S" && $0 != " " }
        let rest = argument.dropFirst(1 + options.count)
        guard rest.first == "S", options.allSatisfy({ "iv0".contains($0) }) else { return nil }
        return rest.dropFirst()
    }
}
