public import Evidence
import Probes
import Sandbox

/// `assay host`: inspects the path, and runs the smallest probe twice: on the host, and in a root with no other files.
public struct HostLook: Sendable {
    public var settings: Settings

    public init(settings: Settings) { self.settings = settings }

    /// - Throws: `ArchiveError`.
    public func run(in workspace: Workspace, progress: any ProgressListener) throws -> CommandEvidence {
        let emptyRoot: Venue = isPrivileged() ? .chroot : .container
        var evidence = try ProbeSession(
            image: .core(for: settings.guest), venues: [.direct, emptyRoot], probes: ["exec.static"], settings: settings
        ).run(in: workspace, identify: true, progress: progress)
        for index in evidence.probes.indices where evidence.probes[index].venue == emptyRoot {
            evidence.probes[index].result = Self.settled(evidence.probes[index].result)
        }
        return evidence
    }

    /// Turns a refused empty root into a check that does not apply, with the reason. Any other failure stays: then
    /// nothing was found out.
    private static func settled(_ result: ProbeEvidence.Result) -> ProbeEvidence.Result {
        guard case .noVenue(let stage, let error, let text) = result, ProbeEvidence.isRefusal(of: stage, error) else {
            return result
        }
        return .notApplicable(
            reason: "no empty root can be had here, so that what a container lacks is not seen: \(text)")
    }
}
