import ArgumentParser
import Evidence
import Guest
import Operations
import ScenarioFormat

struct AcceptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", _superCommandName: "assay",
        abstract: "Judge this host: the emulation path, every probe in every venue, and the builders.",
        discussion: """
            Examples:
              assay accept --report html=report.html
              assay accept --builder none --filter 'exec.*'
            """)

    @OptionGroup var image: ImageOption
    @Option(help: "Venue to run the probes in: direct, chroot, container or oci. Repeatable (default: all but oci).")
    var venue: [Venue] = []
    @Option(help: "Builder to try: its name, any, or none. Repeatable (default: those installed).")
    var builder: [String] = []
    @OptionGroup var builderOptions: BuilderOptionWords
    @Flag(help: "Every probe in every venue; else the essential ones, and all others in the last venue only.")
    var thorough = false
    @OptionGroup var confinement: ConfinementOption
    @OptionGroup var work: WorkOptions
    @OptionGroup var guest: GuestOption
    @OptionGroup var interpreter: InterpreterOptions
    @OptionGroup(title: "Shared options") var options: RunOptions
    @OptionGroup(title: "Shared options") var policy: PolicyOptions
    @OptionGroup(title: "Shared options") var report: ReportOptions

    /// Nil: those of the scenario.
    private func builders(_ configuration: Configuration) -> Acceptance.Builders? {
        let words = builder.isEmpty ? configuration.builders ?? [] : builder
        return switch words {
        case []: nil
        case [Configuration.noBuilder]: .named([])
        case [Configuration.anyBuilder]: .any
        default: .named(words)
        }
    }

    mutating func run() throws {
        var settings = options.settings(try policy.configuration, for: guest.platform)
        let chosen = venue.isEmpty ? settings.configuration.venues ?? [] : venue
        try interpreter.apply(to: &settings, isNamed: guest.named != nil)
        work.apply(to: &settings)
        settings.builderOptions = try builderOptions.options
        let image = try image.image(for: settings.guest)
        try confinement.apply(to: &settings, image: image, venues: chosen)
        let acceptance = Acceptance(
            image: image, venues: chosen.isEmpty ? Venue.own : chosen, builders: builders(settings.configuration),
            thorough: thorough,
            settings: settings)
        try report.judge("accept", settings: settings) { try acceptance.judge(in: $0, progress: $1) }
    }
}
