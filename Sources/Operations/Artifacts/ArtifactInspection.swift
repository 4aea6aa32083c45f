import Archive
import ELF
public import Evidence
import Findings
public import OCI
import Sandbox
import ScenarioFormat
import SystemPackage

/// `assay artifact`: reads an artifact and, on request, runs it.
public struct ArtifactInspection {
    /// A layout directory or an archive; `-` for standard input.
    public var path: String
    /// `OS/ARCHITECTURE[/VARIANT]`.
    public var platform: String
    public var policy = ArtifactPolicy.standard
    /// Nil: nothing is run.
    public var entrypoint: EntrypointRequest?
    public var settings: Settings

    public init(_ path: String, platform: String, settings: Settings) {
        self.path = path
        self.platform = platform
        self.settings = settings
    }

    /// - Throws: `UnknownName` for a platform whose architecture has no known ELF machine, `ArchiveError` of code `io` or
    ///   `malformed`.
    public func run(in workspace: Workspace) throws -> CommandEvidence {
        guard let wanted = Platform(platform), let target = ELFTarget(architecture: wanted.architecture) else {
            throw UnknownName(
                kind: "platform", name: platform, known: ELFTarget.architectureNames.map { "linux/\($0)" })
        }
        let begun = ContinuousClock.now
        var inspector = ArtifactInspector(platform: wanted, limits: settings.archiveLimits, policy: policy)
        if entrypoint != nil {
            inspector.keepsTrees = true
            inspector.wantedFiles = ImageUser.files
        }
        var evidence = CommandEvidence()
        do throws(ArchiveError) {
            let source = try readable(in: workspace)
            let found = try inspector.inspect(source)
            evidence.artifacts = [found.summary(name: path, platform: wanted, duration: begun.duration(to: .now))]
            if let entrypoint {
                EntrypointRun(
                    request: entrypoint, name: path, artifact: source, platform: wanted, target: target,
                    settings: settings
                ).run(found, in: workspace, into: &evidence)
            }
        } catch {
            // The archive is damaged or exceeds a limit: that is the result for this artifact.
            guard error.code != .io, error.code != .malformed else { throw error }
            evidence.artifacts = [
                ArtifactEvidenceSummary(
                    name: path, platform: platform, binaries: 0, layers: 0, bytes: 0, faults: [],
                    archiveErrors: [error],
                    duration: begun.duration(to: .now))
            ]
            if let entrypoint {
                evidence.entrypoints = [
                    EntrypointEvidence(
                        name: path, platform: "\(wanted)", wanted: target, venue: entrypoint.venue,
                        command: entrypoint.command, result: .notRun(reason: "the artifact cannot be read"))
                ]
            }
        }
        return evidence
    }

    /// A path that can be read twice, as running requires. Standard input is copied to the scratch directory.
    private func readable(in workspace: Workspace) throws(ArchiveError) -> FilePath {
        guard path == "-", entrypoint != nil else { return FilePath(path) }
        let copy = workspace.scratch.appending("standard-input")
        try ArtifactSpool.write(DescriptorSource(descriptor: 0, name: "standard input"), to: copy)
        return copy
    }
}
