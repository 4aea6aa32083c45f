import ArgumentParser
import Evidence
import Findings
import Guest
import Operations
import Processes
import Reports

struct HostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host", _superCommandName: "assay",
        abstract: "Inspect the emulation path and the runner; run nothing but the smallest probe.",
        discussion: """
            Examples:
              assay host
              sudo assay host --fix
            """)

    @Flag(help: "Then apply the findings' safe remedies, after asking; each is printed first, and how to undo it.")
    var fix = false
    @Flag(help: "With --fix: do not ask.")
    var yes = false
    @OptionGroup var guest: GuestOption
    @OptionGroup var interpreter: InterpreterOptions
    @OptionGroup(title: "Shared options") var options: RunOptions
    @OptionGroup(title: "Shared options") var policy: PolicyOptions
    @OptionGroup(title: "Shared options") var report: ReportOptions

    func validate() throws {
        if yes && !fix { throw ValidationError("--yes answers what only --fix asks.") }
        if fix && interpreter.interpreter != nil {
            throw ValidationError("--fix changes the host, and --interpreter judges a registry that is not the host's.")
        }
        if interpreter.interpreter != nil { try guest.demandOne(for: "--interpreter") }
        if fix { try guest.demandOne(for: "--fix") }
    }

    mutating func run() throws {
        var settings = options.settings(try policy.configuration, for: guest.guests[0])
        let guests = try interpreter.apply(to: &settings, for: guest)
        // Its plugins are killed after 5 seconds, and then say nothing at all.
        if report.format == .npd { Interrupt.limit(seconds: 4) }
        let first = try inspect(guests, settings)
        guard fix else { return try report.emit(first, settings: settings) }
        // Standard output holds one document. For people it has the reports before and after, for programs only the
        // last one.
        if report.format == .console { try report.show(first) }
        let last = try FixDialogue(yes: yes, guest: settings.guest).run(from: first) { try inspect(guests, settings) }
        guard let last else { return try report.emit(first, settings: settings, shown: report.format == .console) }
        try report.emit(last, settings: settings)
    }

    private func inspect(_ guests: [Guest], _ settings: Settings) throws -> Report {
        try report.made("host", for: guests, settings: settings) { settings, workspace, progress in
            try HostLook(settings: settings).run(in: workspace, progress: progress)
        }
    }
}
