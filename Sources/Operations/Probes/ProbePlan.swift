import Evidence
import Findings
import Guest
import Probes
import Sandbox
import ScenarioFormat
import SystemPackage

/// Which probes run in which venue of a session, and the native twin.
struct ProbePlan {
    /// The runs in one venue.
    struct InVenue {
        var venue: Venue
        var runs: [ProbeRun] = []
        /// The evidence if the venue cannot be used: nothing runs then.
        var given: [ProbeEvidence] = []
    }

    var venues: [InVenue]
    /// The core image's probes compiled for this host: those that run in `direct`.
    var twin: ProbeRun?

    init(_ session: ProbeSession, names: [String], root: FilePath, machine: String, workspace: Workspace) throws {
        let settings = session.settings
        let privileged = isPrivileged()
        let traits = ImageTraits(root: root)
        venues = session.venues.map { venue in
            let patterns = session.patterns[venue]
            let chosen = names.filter { name in
                settings.selection.includes(name, venue: venue.rawValue)
                    && patterns?.contains { Selection.matches($0, name) } ?? true
            }
            var whole = ProbeRun(
                image: session.image.name, guest: settings.guest, venue: venue, probes: chosen, root: root,
                scratch: workspace.scratch, limits: settings.limits.times(traits.timeFactor),
                environment: settings.environment)
            whole.scale = settings.scale
            if session.image.isForeign { whole.confinement = Confinement(in: venue) }
            if let refusal = UnconfinedProgram(of: session.image, in: venue, settings: settings) {
                return InVenue(venue: venue, given: whole.evidence(notRun: "\(refusal)"))
            }
            if traits.needsRoot && !venue.hasRoot {
                return InVenue(venue: venue, given: whole.evidence(notRun: ImageTraits.rootless))
            }
            if let reason = venue.unavailable(privileged: privileged) {
                return InVenue(venue: venue, given: whole.evidence(notRun: reason))
            }
            if settings.repeats > 1 { return InVenue(venue: venue, runs: whole.repeated(settings.repeats)) }
            return InVenue(venue: venue, runs: whole.split(chosen.count > Self.many ? settings.jobs : 1))
        }
        // The twin's duration is compared with one run of the usual work.
        guard settings.repeats == 1, settings.scale == 1, session.probes == nil, session.image.name == Image.coreName,
            let host = Guest.all.first(where: { $0 != settings.guest && $0.isNative(on: machine) }),
            let direct = venues.first(where: { $0.venue == .direct }), !direct.runs.isEmpty
        else { return }
        let image = Image.twin(host)
        twin = ProbeRun(
            image: image.name, guest: host, venue: .direct, probes: direct.runs.flatMap(\.probes),
            root: try workspace.root(of: image),
            scratch: workspace.scratch, limits: settings.limits)
    }

    /// The runs in batches, each started together. With `failFast` each venue is a batch, and repetitions come in
    /// batches of as many as there are jobs.
    func batches(_ settings: Settings) -> [[ProbeRun]] {
        guard settings.failFast else { return [venues.flatMap(\.runs)] }
        guard settings.repeats > 1 else { return venues.map(\.runs) }
        return venues.map(\.runs).flatMap { runs in
            stride(from: 0, to: runs.count, by: settings.jobs)
                .map { Array(runs[$0..<min($0 + settings.jobs, runs.count)]) }
        }
    }

    /// Above this number, a venue's probes are split among as many process trees as there are jobs.
    private static let many = 24
}
