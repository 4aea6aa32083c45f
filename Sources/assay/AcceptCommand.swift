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
              assay accept --platform \(Guest.all.suffix(2).map(\.platform).joined(separator: ","))
              assay accept --builder none --filter 'exec.*'
            """)

    @OptionGroup var image: ImageOption
    @Option(help: "Venue to run the probes in, repeatable (default: all but oci).")
    var venue: [Venue] = []
    @Option(
        help: "Builder to try: its name, any, or none. Repeatable (default: those installed).",
        completion: .names(KnownNames.builders))
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

    func validate() throws {
        if interpreter.interpreter != nil { try guest.demandOne(for: "--interpreter") }
        if image.name?.contains("/") == true { try guest.demandOne(for: "--image") }
    }

    mutating func run() throws {
        var settings = options.settings(try policy.configuration, for: guest.guests[0])
        let chosen = venue.isEmpty ? settings.configuration.venues ?? [] : venue
        let guests = try interpreter.apply(to: &settings, for: guest)
        work.apply(to: &settings)
        settings.builderOptions = try builderOptions.options
        let builders = builders(settings.configuration)
        // An unknown image is a mistake for every guest, so it is told before anything runs.
        let images = try guests.map { try image.image(for: $0) }
        try interpreter.demandCore(images)
        if interpreter.hostRegistry, builders != .named([]) {
            throw ValidationError(
                "--host-registry is for probes: builders' programs would go to the host's own handler. Add --builder none."
            )
        }
        try confinement.apply(to: &settings, image: images[0], venues: chosen)
        try report.judge("accept", for: guests, settings: settings) { own, workspace, progress in
            let number = guests.firstIndex(of: own.guest) ?? 0
            return try Acceptance(
                image: images[number], venues: chosen.isEmpty ? Venue.own : chosen, builders: builders,
                thorough: thorough, settings: own
            ).judge(in: workspace, progress: progress)
        }
    }
}
