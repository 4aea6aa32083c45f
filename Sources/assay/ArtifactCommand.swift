import ArgumentParser
import Scenarios

struct ArtifactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifact", _superCommandName: "assay",
        abstract: "Is this OCI layout, OCI archive, docker archive or rootfs tar really what its platform says?")

    @Argument(help: "The layout directory or the archive's path; - for standard input.")
    var path: String
    @Option(help: "The platform that it must hold, OS/ARCHITECTURE[/VARIANT].")
    var platform: String = "linux/arm64"
    @Option(
        help: ArgumentHelp(
            "Only compare: the file, or every file of the directory, must be byte for byte that of this other one.",
            valueName: "path"))
    var sameAs: String?
    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Report") var report: ReportOptions

    mutating func run() throws {
        let settings = options.settings
        try report.judge("artifact", settings: settings) { _, _ in
            if let sameAs { return try ArtifactComparison.run(path, sameAs: sameAs) }
            return try ArtifactInspection.run(path, platform: platform, settings: settings)
        }
    }
}
