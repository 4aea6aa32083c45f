public import Evidence
import Probes
import Sandbox

/// `assay host`: the path, and the smallest probe with the host's files in sight, and in a root that has nothing else.
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

    /// Where the kernel refuses the namespaces for an empty root, that is said, and the rest stands. Any other failure keeps it from being found out.
    private static func settled(_ result: ProbeEvidence.Result) -> ProbeEvidence.Result {
        guard case .noVenue(let stage, let error, let text) = result, ProbeEvidence.isRefusal(of: stage, error) else {
            return result
        }
        return .notApplicable(
            reason: "no empty root can be had here, so that what a container lacks is not seen: \(text)")
    }
}
