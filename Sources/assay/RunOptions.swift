import Archive
import ArgumentParser
import Files
import Glibc
import Guest
import Operations
import Probes
import Reports
import ScenarioFormat
import SystemPackage

/// Options with the same meaning for every command that judges.
struct RunOptions: ParsableArguments {
    @Option(help: "Time limit for each probe, in seconds (default: 2).")
    var timeout: Double?
    private static let usualTimeout = 2.0

    @Option(help: "Factor for every time limit, for slow machines (default: 1).")
    var timeoutMultiplier: Double?

    @Option(name: .shortAndLong, help: "Children side by side (default: cores and one).")
    var jobs: Int?

    @Option(help: "Only checks that match, as exec.* or *@chroot. Repeatable.", completion: .names(KnownNames.checks))
    var filter: [String] = []

    @Option(help: "No checks that match. Repeatable.", completion: .names(KnownNames.checks))
    var exclude: [String] = []

    @Flag(help: "Stop after a venue or builder where a check fails.")
    var failFast = false

    @Flag(help: "Keep the scratch directory, and say where it is.")
    var keep = false

    @Option(
        help: ArgumentHelp(
            "A bound on reading archives: docs/artifact.md. Repeatable.",
            valueName: "name=N"), completion: .names(KnownNames.limits))
    var limit: [String] = []

    func validate() throws {
        guard (0.001...86_400).contains(timeout ?? 1), (0.001...1000).contains(timeoutMultiplier ?? 1) else {
            throw ValidationError("--timeout takes 0.001 to 86400 seconds, --timeout-multiplier 0.001 to 1000.")
        }
        _ = try archiveLimits()
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, not \(jobs).") }
    }

    /// The factor for every time limit.
    func multiplier(_ configuration: Configuration = Configuration()) -> Double {
        timeoutMultiplier ?? configuration.timeoutMultiplier ?? 1
    }

    /// What the command line says, else the configuration, else what is usual.
    func settings(_ configuration: Configuration = Configuration(), for guest: Guest = .usual) -> Settings {
        let timeout = timeout ?? configuration.timeout.map { $0 / .seconds(1) } ?? Self.usualTimeout
        let timeoutMultiplier = multiplier(configuration)
        var settings = Settings(guest: guest)
        settings.configuration = configuration
        settings.limits = ProbeLimits(
            probe: .seconds(timeout * timeoutMultiplier), venue: .seconds(max(120, timeout * 30) * timeoutMultiplier))
        settings.scalesLimits = timeout == Self.usualTimeout
        settings.builderTimeout = .seconds(120 * timeoutMultiplier)
        settings.archiveLimits = (try? archiveLimits(configuration)) ?? ArchiveLimits()
        // One more than the cores, because some probes only wait.
        settings.jobs = jobs ?? configuration.jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) + 1
        settings.selection.filters = filter
        settings.selection.exclusions = exclude
        settings.failFast = failFast
        settings.keep = keep
        settings.cacheDirectory = CallerEnvironment.cacheDirectory
        settings.environment = CallerEnvironment.emulatorVariables
        settings.program = try? CallerEnvironment.program
        return settings
    }

    private func archiveLimits(_ configuration: Configuration = Configuration()) throws -> ArchiveLimits {
        var limits = ArchiveLimits()
        for (name, value) in configuration.limits { _ = limits.set(name, to: value) }
        for text in limit {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let number = UInt64(parts[1]), let count = Int(exactly: number), count > 0 else {
                throw ValidationError(
                    "--limit takes one of \(ArchiveLimits.names), and a number above 0: not \"\(text)\".")
            }
            guard limits.set(String(parts[0]), to: count) else {
                throw ValidationError("--limit knows \(ArchiveLimits.names): not \"\(parts[0])\".")
            }
        }
        return limits
    }
}
