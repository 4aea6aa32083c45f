public import Evidence
public import Findings
import Guest
import Host
public import Operations
import Sandbox

/// What a suite's report says about the host, read once.
public enum SuiteHost {
    public static func read(settings: Settings) -> HostEvidence {
        var host = HostInspection.read(for: settings.guest)
        HostInspection.note(program: settings.program, in: &host)
        guard let interpreter = host.interpreter else { return host }
        host.interpreter?.sha256 = DigestCache(directory: settings.cacheDirectory).sha256(interpreter.path)
        if let launch = HostInspection.versionLaunch(interpreter, for: settings.guest) {
            let ended = Supervisor(jobs: 1).run(launch)
            host.interpreter?.version = HostInspection.version(of: ended, for: settings.guest)
        }
        return host
    }

    /// One finding for each code, gravest first. Findings of steps that did not look at the host get the remedy for
    /// this host.
    public static func merged(_ findings: [Finding], on host: HostEvidence) -> [Finding] {
        let general = Diagnosis.merged(findings).filter(\.isGeneral).map(\.code)
        let own = Diagnosis(CommandEvidence(host: host)).findings.filter { general.contains($0.code) }
        return Diagnosis.merged(findings + own)
    }
}
