import ArgumentParser
import Evidence
import Guest
import Operations
import Probes
import Reports
import Sandbox

struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", _superCommandName: "assay",
        abstract: "Run one probe in one venue, and show its evidence.",
        discussion: """
            Examples:
              assay probe exec.static --venue chroot
              assay probe memory.brk --repeat 60
            """)

    @Argument(help: "The probe's name, as in \"assay list probes\".", completion: .names(KnownNames.probes))
    var name: String
    @OptionGroup var image: ImageOption
    @Option(
        help: "Venue (default: direct for the core image, else container).")
    var venue: Venue?
    @OptionGroup var confinement: ConfinementOption
    @OptionGroup var work: WorkOptions
    @OptionGroup var guest: GuestOption
    @OptionGroup var interpreter: InterpreterOptions
    @OptionGroup(title: "Shared options") var options: RunOptions
    @OptionGroup(title: "Shared options") var policy: PolicyOptions
    @OptionGroup(title: "Shared options") var report: ReportOptions

    func validate() throws {
        if interpreter.interpreter != nil { try guest.demandOne(for: "--interpreter") }
        if image.name?.contains("/") == true { try guest.demandOne(for: "--image") }
    }

    mutating func run() throws {
        var settings = options.settings(try policy.configuration, for: guest.guests[0])
        let guests = try interpreter.apply(to: &settings, for: guest)
        work.apply(to: &settings)
        let images = try guests.map { try image.image(ofProbe: name, for: $0) }
        try interpreter.demandCore(images)
        let venue = venue ?? (images[0].isForeign ? .container : .direct)
        try confinement.apply(to: &settings, image: images[0], venues: [venue])
        // Reading and hashing the interpreter takes longer than the probe, so do it only if a report shows it.
        let identify =
            report.format != .console || !report.report.isEmpty
            || HistoryRecorder.isWanted(command: "probe", asked: report.record)
        try report.judge("probe", for: guests, settings: settings) { settings, workspace, progress in
            let image = images[guests.firstIndex(of: settings.guest) ?? 0]
            return try ProbeSession(image: image, venues: [venue], probes: [name], settings: settings)
                .run(in: workspace, identify: identify, progress: progress)
        }
    }
}
