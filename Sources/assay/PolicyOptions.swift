import ArgumentParser
import Findings
import Reports
import ScenarioFormat

/// What a run minds, and the file that says so.
struct PolicyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A finding to live with: the verdict stays, and the exit status does not count it. Repeatable.",
            valueName: "code[=reason]"), completion: .names(KnownNames.findings), transform: Self.allowance)
    var allow: [Allowance] = []

    @Option(
        help: ArgumentHelp(
            "The configuration (default: .assay.yaml here if it is your own, else /etc/assay/config.yaml).",
            valueName: "file"), completion: .file())
    var config: String?

    @Option(
        help: ArgumentHelp("The profile of the configuration to use.", valueName: "name"),
        completion: .names(KnownNames.profiles))
    var profile: String?

    /// The file's, with its profile and what the command line allows put over it.
    ///
    /// - Throws: `ScenarioErrors`, `NoInput`, `UnknownName` for a profile.
    var configuration: Configuration {
        get throws {
            var found: Configuration
            if let config {
                found = try ConfigurationFile.read(config)
            } else {
                let (configuration, notes) = try ConfigurationFile.search()
                for note in notes { StandardError.write("assay: \(note)\n") }
                found = configuration
            }
            if let profile { found = try found.profile(profile) }
            var said = Configuration()
            said.allowances = allow
            return found.overlaid(with: said)
        }
    }

    private static func allowance(_ text: String) throws -> Allowance {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let code = FindingCode(rawValue: parts[0]) else {
            throw UnknownName(kind: "finding", name: parts[0], known: FindingCode.allCases.map(\.rawValue))
        }
        let reason = parts.count > 1 && !parts[1].isEmpty ? parts[1] : nil
        return Allowance(code: code, reason: reason, source: "--allow")
    }
}
