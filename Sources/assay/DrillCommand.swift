import ArgumentParser
import Findings
import Operations
import Probes
import Processes
import Reports
import Sandbox
import ScenarioFormat
import SystemPackage

struct DrillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill", _superCommandName: "assay",
        abstract: "Inject each known fault in a private registry, and check that the right finding comes back.",
        usage: "assay drill [<names> ...] [OPTIONS] [-- COMMAND ARGS...]",
        discussion: """
            No drill touches the host: each has user and mount namespaces of its own (Linux 6.7 or later).
            What stands after -- is run there instead: the program ends with its status.

            Examples:
              assay drill
              assay drill handler-missing --remedies
              assay drill handler-is-true -- docker buildx inspect
            """)

    @Argument(help: "Names of drills, or finding codes (default: all).", completion: .names(KnownNames.drills))
    var names: [String] = []
    @Flag(help: "List the drills instead of running them.")
    var list = false
    @Flag(help: "Also type each finding's remedy in the faulty environment, and see that the finding goes away.")
    var remedies = false
    @Flag(help: "With --remedies: type what does without Assay's own commands.")
    var byHand = false
    /// The words after `--`.
    @Option(name: .customLong(CommandWords.option), parsing: .unconditionalSingleValue, help: .hidden)
    var command: [String] = []
    /// In a drill's process: the drill's directory.
    @Option(help: .hidden) var inside: String?
    /// In that process's shell, after the remedy: the same directory.
    @Option(help: .hidden) var again: String?
    @OptionGroup var guest: GuestOption
    @OptionGroup(title: "Shared options") var options: RunOptions
    @OptionGroup(title: "Shared options") var report: ReportOptions

    func validate() throws {
        if list { try guest.demandOne(for: "--list") }
        guard !command.isEmpty else { return }
        try guest.demandOne(for: "a command after --")
        if list || remedies || byHand {
            throw ValidationError(
                "nothing is judged where a command stands after --: --list and --remedies ask for more.")
        }
    }

    mutating func run() throws {
        let settings = options.settings(for: guest.guests[0])
        let chosen = try guest.guests.map { guest in
            (
                guest: guest,
                drills: try DrillSession.select(names, for: guest).filter {
                    settings.selection.includes($0.name, venue: "")
                }
            )
        }
        if chosen.allSatisfy(\.drills.isEmpty) { throw NothingSelected("no drill matches --filter and --exclude") }
        if list { return try show(chosen[0].drills) }
        if !command.isEmpty { return try run(command, in: chosen[0].drills, settings) }
        if let directory = inside ?? again { return try judge(chosen[0].drills[0], in: directory, settings) }
        let started = Timestamp.now
        let clock = ContinuousClock.now
        // A drill whose interpreter hangs takes half a minute on a quiet host.
        let timeout = Duration.seconds(180 * options.multiplier()) * settings.calibration
        let results = try chosen.flatMap { guest, drills in
            var own = settings
            own.guest = guest
            let session = DrillSession(
                drills: drills, settings: own, program: "/proc/self/exe", environment: CallerEnvironment.forDrills,
                remedies: remedies, byHand: byHand, timeout: timeout)
            return try report.inWorkspace(own) { workspace, progress in
                try session.run(in: workspace, progress: progress)
            }
        }
        let matrix = DrillReport(
            results, version: Assay.version, started: started, duration: clock.duration(to: .now),
            interrupt: Interrupt.signal)
        try report.emit(.drills(matrix), ExitStatus(matrix.verdict, doubtful: false, strict: report.mindsWarnings()))
    }

    private func run(_ command: [String], in drills: [Drill], _ settings: Settings) throws {
        // A finding may have the name of one of its drills.
        let named = drills.filter { names == [$0.name] }
        let drills = named.isEmpty ? drills : named
        guard drills.count == 1 else {
            throw ValidationError(
                "a command after -- is about one drill; named are \(drills.count) (assay drill --list).")
        }
        let status: Int32
        do {
            status = try report.inWorkspace(settings) { workspace, _ in
                if let inside {
                    return try DrillSession.run(
                        command, inside: drills[0], directory: FilePath(inside), settings: settings,
                        workspace: workspace)
                }
                return try DrillSession(
                    drills: drills, settings: settings, program: "/proc/self/exe", environment: [:], remedies: false,
                    timeout: .zero
                ).run(command, in: workspace)
            }
        } catch let absent as DrillSession.NotHere {
            StandardError.write("assay: \(drills[0].name): this host cannot have this fault: \(lines: absent)\n")
            throw ExitCode(DrillSession.notHere)
        }
        throw ExitCode(status)
    }

    private func judge(_ drill: Drill, in directory: String, _ settings: Settings) throws {
        let found: Report
        do {
            found = try report.made("drill", settings: settings) { workspace, progress in
                try DrillSession.inside(
                    drill, directory: FilePath(directory), again: again != nil, settings: settings,
                    workspace: workspace, progress: progress)
            }
        } catch let absent as DrillSession.NotHere {
            StandardError.write("\(lines: absent)\n")
            throw ExitCode(DrillSession.notHere)
        }
        // An interrupted drill proves nothing.
        if let status = Interrupt.exitStatus { throw ExitCode(status) }
        try report.show(found)
        if remedies {
            let after = DrillSession.typeRemedy(
                drill, findings: found.findings, byHand: byHand, program: try CallerEnvironment.program,
                directory: directory, guest: settings.guest, environment: Tool.environment)
            try StandardOutput.write(own: after)
        }
        try report.emit(found, settings: settings, shown: true)
    }

    private func show(_ drills: [Drill]) throws {
        let rows = drills.map { [$0.name, $0.proves?.rawValue ?? "nothing", $0.about] }
        var text = Table(rows).lines.map { $0 + "\n" }.joined()
        if names.isEmpty {
            text += "\nfindings without a drill:\n"
            let others = FindingCode.allCases.compactMap { code -> [String]? in
                if case .elsewhere(let reason) = code.entry.proof { [code.rawValue, reason] } else { nil }
            }
            text += Table(others).lines.map { $0 + "\n" }.joined()
        }
        try StandardOutput.write(SafeText(text))
    }
}
