import ArgumentParser
import Builders
import Guest
import Operations
import Probes
import Reports
import ScenarioFormat

struct BuildersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "builders", _superCommandName: "assay",
        abstract: "Which builders are here, what each lists, and what each can really do.",
        discussion: """
            Examples:
              assay builders
              assay builders create multiarch
            """,
        subcommands: [BuildersProve.self, BuildersCreate.self], defaultSubcommand: BuildersProve.self)
}

struct BuildersProve: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove", abstract: "Declared, detected and proven platforms of each builder (the default).",
        discussion: """
            Examples:
              assay builders
              assay builders --builder buildah --context all
              assay builders --platform \(Guest.all.prefix(3).map(\.platform).joined(separator: ","))
            """)

    @Option(
        help: "Builder to try: buildah, podman, docker, buildx, buildx:NAME or buildctl. Repeatable (default: all).",
        completion: .names(KnownNames.builders))
    var builder: [String] = []
    @Option(
        help: "What to build, see \"assay list contexts\"; all: every one. Repeatable (default: run).",
        completion: .list(ContextChoice.allValueStrings))
    var context: [ContextChoice] = []
    @Flag(help: "Only for this host's own architecture.")
    var nativeOnly = false
    @Flag(
        help: "Build nothing: remove what killed runs left in the builders. No other run of assay may be under way.")
    var clean = false
    @OptionGroup var guest: GuestOption
    @OptionGroup var builderOptions: BuilderOptionWords
    @OptionGroup(title: "Shared options") var options: RunOptions
    @OptionGroup(title: "Shared options") var policy: PolicyOptions
    @OptionGroup(title: "Shared options") var report: ReportOptions

    func validate() throws {
        if nativeOnly { try guest.demandOne(for: "--native-only") }
    }

    mutating func run() throws {
        var settings = options.settings(try policy.configuration, for: guest.guests[0])
        let names = builder.isEmpty ? settings.configuration.builders ?? [] : builder
        if names == [Configuration.noBuilder] { throw NothingSelected("none names no builder") }
        settings.builderOptions = try builderOptions.options
        if clean {
            try removeLeftovers(BuilderLeftovers(names: names, settings: settings))
            return
        }
        let recipes = ContextChoice.recipes(context)
        try report.judge("builders", for: guest.guests, settings: settings) { settings, workspace, progress in
            try BuilderComparison(
                names: names == [Configuration.anyBuilder] ? [] : names, recipes: recipes, nativeOnly: nativeOnly,
                settings: settings
            ).judge(in: workspace, progress: progress)
        }
    }

    /// Fails with `undetermined` where something could not be removed, or where a builder that was asked for could not be
    /// looked at.
    private func removeLeftovers(_ leftovers: BuilderLeftovers) throws {
        let searches = try report.inWorkspace(leftovers.settings) { workspace, _ in
            try leftovers.remove(in: workspace)
        }
        if searches.isEmpty { try StandardOutput.write("no builder is installed: nothing was looked at\n") }
        for (builder, found) in searches {
            for line in found.lines { try StandardOutput.write("\(builder): \(line)\n") }
        }
        let isOpen = searches.contains { _, found in
            switch found {
            case .notMade: !leftovers.names.isEmpty
            case .made(_, let failures, _): !failures.isEmpty
            }
        }
        if isOpen { throw ExitCode(ExitStatus.undetermined.rawValue) }
    }
}

struct BuildersCreate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract:
            "Create one of buildx's builders for \(Guest.usual.buildPlatforms.joined(separator: " and ")), start it, and prove it.",
        discussion: """
            Examples:
              assay builders create multiarch
              assay builders create multiarch --driver-opt network=host
            """)

    @Argument(help: "The new builder's name.")
    var name: String
    @Option(
        help: "What runs the builds: \(BuilderCreation.Recipe.drivers.joined(separator: ", ")).",
        completion: .list(BuilderCreation.Recipe.drivers))
    var driver = BuilderCreation.Recipe.drivers[0]
    @Option(help: "Where a remote builder's daemon listens, such as tcp://HOST:1234; a docker context for the others.")
    var endpoint: String?
    @Option(help: "The image that its node runs from; it must be here, or a registry within reach.")
    var image: String?
    @Option(help: "Option of the driver, KEY=VALUE, such as network=host or cacert=FILE. Repeatable.")
    var driverOpt: [String] = []
    @Option(
        help: ArgumentHelp("A buildkitd.toml for its node: mirrors, registries.", valueName: "file"),
        completion: .file())
    var buildkitdConfig: String?
    @Option(parsing: .unconditional, help: "Words for its node's buildkitd, as one, such as '--debug'.")
    var buildkitdFlags: String?
    @OptionGroup(title: "Shared options") var options: RunOptions
    @OptionGroup(title: "Shared options") var policy: PolicyOptions
    @OptionGroup(title: "Shared options") var report: ReportOptions

    private var recipe: BuilderCreation.Recipe {
        var recipe = BuilderCreation.Recipe()
        recipe.driver = driver
        recipe.endpoint = endpoint
        recipe.image = image
        recipe.options = driverOpt
        recipe.configuration = buildkitdConfig
        recipe.flags = buildkitdFlags
        return recipe
    }

    func validate() throws {
        if let contradiction = recipe.contradiction(in: name) { throw ValidationError(contradiction) }
    }

    mutating func run() throws {
        let settings = options.settings(try policy.configuration)
        let creation = BuilderCreation(name: name, recipe: recipe, settings: settings)
        try report.judge("builders", settings: settings) { try creation.judge(in: $0, progress: $1) }
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

/// Options for builders' own command lines.
struct BuilderOptionWords: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How buildctl reaches a daemon that wants TLS: \(BuilderOptions.names). Repeatable.",
            valueName: "name=value"), completion: .names(KnownNames.builderOptions))
    var builderOption: [String] = []

    func validate() throws { _ = try options }

    var options: BuilderOptions {
        get throws {
            do { return try BuilderOptions(builderOption) } catch {
                throw ValidationError("--builder-option: \(error)")
            }
        }
    }
}
