import Evidence
import Glibc
import Guest
import Probes
import Sandbox
import SystemPackage

extension EmptyRootTrial {
    /// Whether programs ended so that a file which their interpreter did not find may be the reason.
    static func isCalledFor(_ evidence: [ProbeEvidence]) -> Bool {
        evidence.contains { probe in
            switch probe.result {
            case .unproven, .silent: true
            case .refused(ENOENT, _): probe.venue.hasRoot
            default: false
            }
        }
    }

    /// Starts the core image's program, which needs no file beside itself, and watches.
    ///
    /// - Parameters:
    ///   - root: where the core image lies.
    static func run(root: FilePath, settings: Settings) -> EmptyRootTrial {
        let venue: Venue = isPrivileged() ? .chroot : .container
        var launch = Launch(
            path: ProbeRun.program, arguments: ["assay-probe", "--catalogue"], venue: venue, root: root,
            timeout: max(.seconds(2), settings.limits.probe))
        launch.environment = settings.environment
        do throws(StartFailure) {
            let missing = try LookupTrace.run(launch).filter { $0.path != ProbeRun.program.string }
            return EmptyRootTrial(
                missing: missing.map {
                    Missing(path: $0.path, wasExecuted: $0.wasExecuted, isOnHost: access($0.path, F_OK) == 0)
                })
        } catch {
            return EmptyRootTrial(failure: "\(error)")
        }
    }
}
