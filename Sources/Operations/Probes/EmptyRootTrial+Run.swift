import Evidence
import Glibc
import Guest
import Probes
import Sandbox
import SystemPackage

extension EmptyRootTrial {
    /// Whether a file that the interpreter did not find may be the reason for how programs ended.
    static func isCalledFor(_ evidence: [ProbeEvidence]) -> Bool {
        evidence.contains { probe in
            switch probe.result {
            case .unproven, .silent: true
            case .refused(ENOENT, _): probe.venue.hasRoot
            default: false
            }
        }
    }

    /// Starts the core image's program, which needs no other file, and traces it.
    ///
    /// - Parameter root: the directory of the core image.
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
