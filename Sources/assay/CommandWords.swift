import ArgumentParser

/// Words after `--`: a command of the user's. ArgumentParser takes no second list of words, so each comes as an option.
enum CommandWords {
    /// The name of that option.
    static let option = "run-word"

    /// Words after `--` as options, if the command takes any.
    static func optioned(_ arguments: [String], of command: any ParsableCommand.Type) -> [String] {
        guard command is ArtifactCommand.Type || command is DrillCommand.Type, let end = arguments.firstIndex(of: "--")
        else { return arguments }
        return arguments[..<end] + arguments[(end + 1)...].flatMap { ["--\(option)", $0] }
    }
}
