public import Evidence
public import Findings
import Guest
import Host
public import Operations
import Sandbox

/// What a suite's report says about the host, read once.
public enum SuiteHost {
    /// The host as each guest of a plan finds it, in the order of the steps; as the settings' guest if it has no steps.
    public static func read(for plan: SuitePlan, settings: Settings) -> [HostEvidence] {
        var seen: Set<Guest> = []
        let guests = plan.steps.map(\.guest).filter { seen.insert($0).inserted }
        return (guests.isEmpty ? [settings.guest] : guests).map { read(for: $0, settings: settings) }
    }

    private static func read(for guest: Guest, settings: Settings) -> HostEvidence {
        var host = HostInspection.read(for: guest)
        HostInspection.note(program: settings.program, in: &host)
        guard let interpreter = host.interpreter else { return host }
        host.interpreter?.sha256 = DigestCache(directory: settings.cacheDirectory).sha256(interpreter.path)
        if let launch = HostInspection.versionLaunch(interpreter, for: guest) {
            let ended = Supervisor(jobs: 1).run(launch)
            host.interpreter?.version = HostInspection.version(of: ended, for: guest)
        }
        return host
    }

    /// One finding for each code and platform, gravest first. Findings of steps that did not look at the host get the
    /// remedy for this host.
    public static func merged(_ findings: [Finding], on hosts: [HostEvidence]) -> [Finding] {
        let general = Diagnosis.merged(findings).filter(\.isGeneral)
        let own = hosts.flatMap { host in
            Diagnosis(CommandEvidence(host: host)).findings.filter { finding in
                general.contains { $0.code == finding.code && $0.platform == finding.platform }
            }
        }
        return Diagnosis.merged(findings + own)
    }
}
