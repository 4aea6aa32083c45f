import Archive
import ELF
public import Findings
import OCI
import SystemPackage

/// `assay artifact`: opens what somebody built.
public enum ArtifactInspection {
    /// - Parameters:
    ///   - path: a layout directory or an archive; `-` for standard input.
    ///   - platform: `OS/ARCHITECTURE[/VARIANT]`.
    /// - Throws: `UnknownName` for a platform whose architecture no ELF machine is known for.
    public static func run(_ path: String, platform: String, settings: Settings) throws -> Evidence {
        guard let wanted = Platform(platform), ELFTarget(architecture: wanted.architecture) != nil else {
            throw UnknownName(
                kind: "platform", name: platform, known: ELFTarget.architectureNames.map { "linux/\($0)" })
        }
        let begun = ContinuousClock.now
        let inspector = ArtifactInspector(platform: wanted, limits: settings.archiveLimits)
        var evidence = Evidence()
        do throws(ArchiveError) {
            let found = try inspector.inspect(FilePath(path))
            evidence.artifacts = [found.summary(name: path, platform: wanted, duration: begun.duration(to: .now))]
        } catch {
            // The archive itself is damaged or over a limit: that is the answer about this artifact.
            guard error.code != .io else { throw error }
            evidence.artifacts = [
                ArtifactEvidenceSummary(
                    name: path, platform: platform, binaries: 0, layers: 0, bytes: 0, faults: [],
                    archiveErrors: [error],
                    duration: begun.duration(to: .now))
            ]
        }
        return evidence
    }
}
