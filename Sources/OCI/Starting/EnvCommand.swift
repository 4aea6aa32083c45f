/// What `env` makes of the one argument that a script's first line hands to it.
///
/// Source: <https://www.gnu.org/software/coreutils/manual/html_node/env-invocation.html>
struct EnvCommand {
    /// The program that is started; nil where it is not certain which.
    var program: String?

    /// - Parameter argument: everything after `env` in the line, as the kernel passes it on: without `-S` one word, blanks included.
    init(argument: String) {
        // NAME=VALUE alone sets a variable, and the script itself is what is started.
        program =
            argument.hasPrefix("-") ? Self.program(in: [argument]) : argument.contains("=") ? nil : argument
    }

    /// - Parameter arguments: each a word of its own, as an image's entrypoint gives them.
    init(arguments: [String]) { program = Self.program(in: arguments) }

    private static func program(in arguments: [String]) -> String? {
        var words = arguments[...]
        while let word = words.popFirst() {
            if word == "--" { continue }
            if let text = word == "-S" || word == "--split-string" ? words.popFirst()?[...] : split(word) {
                // Quotes and variables are expanded by env; whoever uses them knows what it does.
                guard !text.contains(where: { "\"'\\$#".contains($0) }) else { return nil }
                words = (text.split { $0 == " " || $0 == "\t" }.map(String.init) + words)[...]
            } else if ["-u", "-C", "--unset", "--chdir", "-a", "--argv0"].contains(word) {
                if word == "-C" || word == "--chdir" { return nil }
                _ = words.popFirst()
            } else if word.hasPrefix("-") || word.contains("=") {
                // A search path of its own, or another directory: nothing is certain.
                if word.hasPrefix("PATH=") || word.hasPrefix("-C") || word.hasPrefix("--chdir") { return nil }
            } else {
                return word
            }
        }
        return nil
    }

    /// What follows `-S`, which may stand at the end of other options in one word.
    private static func split(_ argument: String) -> Substring? {
        guard argument.hasPrefix("-") else { return nil }
        if argument.hasPrefix("--split-string") { return argument.dropFirst(14).drop { $0 == "=" || $0 == " " } }
        let options = argument.dropFirst().prefix { $0 != "S" && $0 != " " }
        let rest = argument.dropFirst(1 + options.count)
        guard rest.first == "S", options.allSatisfy({ "iv0".contains($0) }) else { return nil }
        return rest.dropFirst()
    }
}
