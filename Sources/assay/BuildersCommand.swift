import ArgumentParser
import Guest
import Operations
import Probes

struct BuildersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "builders", _superCommandName: "assay",
        abstract: "Which builders are here, what each lists, and what each can really do.",
        subcommands: [BuildersProve.self, BuildersCreate.self], defaultSubcommand: BuildersProve.self)
}

struct BuildersProve: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Declared, detected and proven platforms of each builder (the default).")

    @Option(
        help: "Builder to try: buildah, podman, docker, buildx, buildx:NAME or buildctl. Repeatable (default: all).")
    var builder: [String] = []
    @Option(help: "What to build, see \"assay list contexts\"; all: every one. Repeatable (default: run).")
    var context: [ContextChoice] = []
    @Flag(help: "Only for this host's own architecture.")
    var nativeOnly = false
    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Report") var report: ReportOptions

    mutating func run() throws {
        if builder == [BuilderOption.none] { throw NothingSelected("--builder none names no builder") }
        let settings = options.settings
        let comparison = BuilderComparison(
            names: builder, recipes: ContextChoice.recipes(context), nativeOnly: nativeOnly, settings: settings)
        try report.judge("builders", settings: settings) { try comparison.judge(in: $0, progress: $1) }
    }
}

struct BuildersCreate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract:
            "Create a docker-container builder for \(Guest.standard.buildPlatforms.joined(separator: " and ")), start it, and prove it."
    )

    @Argument(help: "The new builder's name.")
    var name: String
    @Option(help: "The image that its node runs from; it must be here, or a registry within reach.")
    var image: String?
    @Option(help: "Option of the driver, KEY=VALUE, such as network=host. Repeatable.")
    var driverOpt: [String] = []
    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Report") var report: ReportOptions

    mutating func run() throws {
        let settings = options.settings
        let recipe = BuilderCreation(name: name, image: image, options: driverOpt, settings: settings)
        try report.judge("builders", settings: settings) { try recipe.judge(in: $0, progress: $1) }
    }
}

/// A build context, or all of them.
enum ContextChoice: ExpressibleByArgument {
    case one(BuildRecipe)
    case all

    init?(argument: String) {
        if argument == "all" {
            self = .all
        } else if let recipe = BuildRecipe(rawValue: argument) {
            self = .one(recipe)
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] { BuildRecipe.allCases.map(\.rawValue) + ["all"] }

    static func recipes(_ choices: [ContextChoice]) -> [BuildRecipe] {
        let chosen = choices.flatMap { choice in
            switch choice {
            case .one(let recipe): [recipe]
            case .all: BuildRecipe.allCases
            }
        }
        return chosen.isEmpty ? [.run] : BuildRecipe.allCases.filter(chosen.contains)
    }
}
