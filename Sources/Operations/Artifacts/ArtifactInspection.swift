import Archive
import ELF
public import Evidence
import Findings
import Guest
public import OCI
import Sandbox
import ScenarioFormat
import SystemPackage

/// `assay artifact`: reads an artifact and, on request, runs it.
public struct ArtifactInspection {
    /// A layout directory or an archive; `-` for standard input.
    public var path: String
    /// The same, parsed.
    public var location: ArtifactLocation
    /// `OS/ARCHITECTURE[/VARIANT]`, or `all`.
    public var platform: String
    public var policy = ArtifactPolicy.standard
    /// Nil: nothing is run.
    public var entrypoint: EntrypointRequest?
    public var settings: Settings

    public init(_ path: String, platform: String, settings: Settings) {
        self.path = path
        location = path == "-" ? .standardInput : .path(path, reference: nil)
        self.platform = platform
        self.settings = settings
    }

    /// - Throws: `UnknownName` for a platform whose architecture has no known ELF machine, `ArchiveError` of code `io` or
    ///   `malformed`.
    public func run(in workspace: Workspace) throws -> CommandEvidence {
        let wantsAll = platform == Self.allPlatforms
        let name = wantsAll ? settings.guest.platform : platform
        guard let wanted = Platform(name), let target = ELFTarget(architecture: wanted.architecture) else {
            throw UnknownName(
                kind: "platform", name: platform,
                known: [Self.allPlatforms] + ELFTarget.architectureNames.map { "linux/\($0)" })
        }
        let begun = ContinuousClock.now
        var inspector = ArtifactInspector(platform: wanted, limits: settings.archiveLimits, policy: policy)
        inspector.wantsAllPlatforms = wantsAll
        if case .path(_, let reference) = location { inspector.reference = reference }
        inspector.keepsTrees = entrypoint != nil
        var evidence = CommandEvidence()
        do throws(ArchiveError) {
            let copy = try copied(in: workspace)
            let found = try inspect(inspector, copy: copy)
            let duration = begun.duration(to: .now)
            evidence.artifacts = [
                wantsAll
                    ? found.summaryOfAllPlatforms(name: path, duration: duration)
                    : found.summary(name: path, platform: wanted, duration: duration)
            ]
            if let entrypoint, let source = copy ?? storedPath {
                EntrypointRun(
                    request: entrypoint, name: path, artifact: source, platform: wanted, target: target,
                    settings: settings
                ).run(found, in: workspace, into: &evidence)
            }
        } catch {
            // The archive is damaged or exceeds a limit: that is the result for this artifact.
            // So it is if an engine does not write its image. Other input that cannot be had ends the command.
            var isEngine = false
            if case .engine = location { isEngine = error.code == .io }
            guard isEngine || (error.code != .io && error.code != .malformed) else { throw hinting(error) }
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

    /// Adds to the error of a missing file how to name an image, if an image may have been meant.
    private func hinting(_ error: ArchiveError) -> ArchiveError {
        guard error.lacksInput, location == .path(path, reference: nil) else { return error }
        var error = error
        if ArtifactLocation.lacksImage(path) {
            error.found += "; behind \(path) the name of an image is expected, as in \(path)debian:12"
        } else if ArtifactLocation.mayBeImage(path) {
            error.found +=
                "; an image of a daemon: assay artifact docker:\(path), or docker save \(path) | assay artifact -"
        }
        return error
    }

    /// The word for every platform that an artifact lists.
    public static let allPlatforms = "all"

    private var storedPath: FilePath? {
        if case .path(let path, _) = location { FilePath(path) } else { nil }
    }

    private func inspect(_ inspector: ArtifactInspector, copy: FilePath?) throws(ArchiveError) -> ArtifactEvidence {
        if let copy { return try inspector.inspect(copy) }
        switch location {
        case .standardInput: return try inspector.inspect("-")
        case .path(let path, _): return try inspector.inspect(FilePath(path))
        case .engine(let engine, let image): return try inspector.inspect(engine, image: image)
        }
    }

    /// Copies a streamed artifact into the scratch directory, if it must be read twice in order to run it. Nil if it
    /// need not.
    private func copied(in workspace: Workspace) throws(ArchiveError) -> FilePath? {
        guard entrypoint != nil, storedPath == nil else { return nil }
        let copy = workspace.scratch.appending("artifact")
        if case .engine(let engine, let image) = location {
            try ArtifactInspector.stream(engine, image: image) { source throws(ArchiveError) in
                try ArtifactSpool.write(source, to: copy)
            }
        } else {
            try ArtifactSpool.write(DescriptorSource(descriptor: 0, name: "standard input"), to: copy)
        }
        return copy
    }
}
