import ArgumentParser
import Evidence
import Guest
import Operations
import Processes
import Reports
import Sandbox
import SystemPackage

struct ArtifactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifact", _superCommandName: "assay",
        abstract: "Is this OCI layout, OCI archive, docker archive or rootfs tar really what its platform says?",
        usage: "assay artifact <path> ... [OPTIONS] [--run [-- COMMAND ARGS...]]",
        discussion: """
            What stands after -- is run in place of the image's entrypoint and command.

            Examples:
              assay artifact image.tar --platform all
              docker save nginx:latest | assay artifact -
            """)

    @Argument(
        help: ArgumentHelp(
            "Layout directories or archives; - for standard input, docker:IMAGE, podman:IMAGE, oci:DIR:TAG.",
            valueName: "path"), completion: .file())
    var paths: [String]
    @Option(
        help:
            "The platform that it must hold, OS/ARCHITECTURE[/VARIANT], or all that it lists (default: \(Guest.usual.platform)). Repeatable, and a list with commas.",
        completion: .list(Guest.all.map(\.platform) + [ArtifactInspection.allPlatforms])
    )
    var platform: [String] = []
    @Option(
        help: ArgumentHelp(
            "Only compare: the file, or every file of the directory, must be byte for byte that of this other one.",
            valueName: "path"), completion: .file())
    var sameAs: String?
    @Option(
        help: "A file of rules for what the image may hold although it does not fit (docs/artifact.md).",
        completion: .file())
    var policy: String?
    @Flag(
        name: .customLong("run"),
        help: "Also run the image's entrypoint and command, or the COMMAND after --, and judge how it ends.")
    var runsEntrypoint = false
    /// The words after `--`.
    @Option(name: .customLong(CommandWords.option), parsing: .unconditionalSingleValue, help: .hidden)
    var command: [String] = []
    @Option(help: "With --run: the standard output that is expected; newlines at its end do not count.")
    var expectOutput: String?
    @Option(help: "With --run: the exit status that is expected (default: 0).")
    var expectStatus: Int32?
    @Option(help: "With --run: container (default), or oci or chroot, which as root can become the image's user.")
    var venue: Venue?
    @OptionGroup(title: "Shared options") var options: RunOptions
    @OptionGroup(title: "Shared options") var minded: PolicyOptions
    @OptionGroup(title: "Shared options") var report: ReportOptions

    func validate() throws {
        guard sameAs == nil || (!runsEntrypoint && policy == nil && platform.isEmpty) else {
            throw ValidationError("--same-as only compares: --run, --policy and --platform have no meaning beside it.")
        }
        guard options.filter.isEmpty && options.exclude.isEmpty else {
            throw ValidationError(
                "an artifact is looked at as a whole: --filter and --exclude have nothing to choose from.")
        }
        guard paths.count == 1 || (sameAs == nil && !runsEntrypoint) else {
            throw ValidationError("--same-as and --run take one artifact, found \(paths.count).")
        }
        guard Set(paths).count == paths.count else { throw ValidationError("an artifact is named twice.") }
        guard !runsEntrypoint || platforms != [ArtifactInspection.allPlatforms] else {
            throw ValidationError("--run takes one platform: --platform all has several.")
        }
        guard !runsEntrypoint || platforms.count < 2 else {
            throw ValidationError("--run takes one platform, and --platform names \(platforms.count).")
        }
        guard platforms.count < 2 || !platforms.contains(ArtifactInspection.allPlatforms) else {
            throw ValidationError("--platform all stands for every platform that is listed: name no other beside it.")
        }
        guard platforms.count < 2 || !paths.contains("-") else {
            throw ValidationError("standard input can be read once, and --platform names \(platforms.count).")
        }
        guard !platforms.contains("") else { throw ValidationError("--platform: a name in the list is empty.") }
        guard !runsEntrypoint else { return }
        let given = [
            ("--expect-output", expectOutput != nil), ("--expect-status", expectStatus != nil),
            ("--venue", venue != nil), ("a command", !command.isEmpty),
        ].filter { $0.1 }.map { $0.0 }
        guard given.isEmpty else {
            throw ValidationError("\(given.joined(separator: ", ")) without --run: nothing would be run.")
        }
    }

    mutating func run() throws {
        // With --run the host's own programs are no guest's.
        let guest = platforms.first.flatMap(Guest.init(platform:)).flatMap { $0 == .native ? nil : $0 }
        let settings = options.settings(try minded.configuration, for: guest ?? .usual)
        if let sameAs {
            return try report.judge("artifact", settings: settings) { _, _ in
                try ArtifactComparison.run(paths[0], sameAs: sameAs)
            }
        }
        let wanted = platforms.isEmpty ? [settings.guest.platform] : platforms
        let all = try wanted.map { platform in
            try paths.map { try inspection(of: $0, for: platform, settings: settings) }
        }
        let parts = try all.filter { _ in Interrupt.signal == nil }.map { inspections in
            try report.made("artifact", settings: settings) { workspace, _ in
                var evidence = CommandEvidence()
                for inspection in inspections {
                    let found = try inspection.run(in: workspace)
                    if inspections.count == 1 { return found }
                    evidence.artifacts += found.artifacts
                }
                return evidence
            }
        }
        try report.emit(Report(joining: parts), settings: settings)
    }

    /// Each once, in the order in which they were named.
    private var platforms: [String] {
        var seen: Set<String> = []
        return platform.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
            .filter { seen.insert($0).inserted }
    }

    private func inspection(of path: String, for platform: String, settings: Settings) throws -> ArtifactInspection {
        var inspection = ArtifactInspection(path, platform: platform, settings: settings)
        inspection.location = ArtifactLocation(path)
        if let policy { inspection.policy = try PolicyFile.read(FilePath(policy)) }
        if runsEntrypoint {
            var request = try EntrypointRequest(venue: venue ?? .container)
            request.command = command
            request.expectedOutput = expectOutput
            request.expectedStatus = expectStatus ?? 0
            inspection.entrypoint = request
        }
        return inspection
    }
}
