import ArgumentParser

/// The program as completion scripts see it: a command that has a default subcommand takes that one's options itself.
///
/// `assay builders --builder buildah` is `assay builders prove --builder buildah`. The parser knows that, its completion
/// scripts do not.
struct CompletedAssay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Assay.configuration.commandName, abstract: Assay.configuration.abstract, version: Assay.version,
        subcommands: Assay.configuration.subcommands.map { command in
            if command == BuildersCommand.self { return Builders.self }
            if command == HistoryCommand.self { return History.self }
            return command
        })

    struct Builders: ParsableCommand {
        static let configuration = BuildersCommand.configuration
        @OptionGroup var usual: BuildersProve
    }

    struct History: ParsableCommand {
        static let configuration = HistoryCommand.configuration
        @OptionGroup var usual: HistoryCommand.List
    }
}
