/// The program that `env` starts, by its arguments.
///
/// Source: <https://www.gnu.org/software/coreutils/manual/html_node/env-invocation.html>
struct EnvCommand {
    /// The program; nil if it is not certain.
    var program: String?
    /// Whether a script's first line has only a variable: then `env` starts the script itself, again and again.
    var isLoop = false

    /// - Parameter argument: everything after `env` in a script's first line. The kernel passes it on as one argument,
    ///   with its blanks.
    init(argument: String) {
        isLoop = !argument.hasPrefix("-") && argument.contains("=")
        program = argument.hasPrefix("-") ? Self.program(in: [argument]) : isLoop ? nil : argument
    }

    /// - Parameter arguments: separate arguments, as in an image's entrypoint.
    init(arguments: [String]) { program = Self.program(in: arguments) }

    private static func program(in arguments: [String]) -> String? {
        var words = arguments[...]
        while let word = words.popFirst() {
            if word == "--" { continue }
            if let text = word == "-S" || word == "--split-string" ? words.popFirst()?[...] : split(word) {
                // env itself expands quotes and variables: what it starts is not certain.
                guard !text.contains(where: { "\"'\\$#".contains($0) }) else { return nil }
                words = (text.split { $0 == " " || $0 == "\t" }.map(String.init) + words)[...]
            } else if ["-u", "-C", "--unset", "--chdir", "-a", "--argv0"].contains(word) {
                if word == "-C" || word == "--chdir" { return nil }
                _ = words.popFirst()
            } else if word.hasPrefix("-") || word.contains("=") {
                // Another search path or directory: what it starts is not certain.
                if word.hasPrefix("PATH=") || word.hasPrefix("-C") || word.hasPrefix("--chdir") { return nil }
            } else {
                return word
            }
        }
        return nil
    }

    /// The text after `-S`, which may follow other options in one word.
    private static func split(_ argument: String) -> Substring? {
        guard argument.hasPrefix("-") else { return nil }
        if argument.hasPrefix("--split-string") { return argument.dropFirst(14).drop { $0 == "=" || $0 == " " } }
        let options = argument.dropFirst().prefix { $0 != "S" && $0 != " " }
        let rest = argument.dropFirst(1 + options.count)
        guard rest.first == "S", options.allSatisfy({ "iv0".contains($0) }) else { return nil }
        return rest.dropFirst()
    }
}
