public import Findings
import Sandbox

/// What a suite's report says about the host, read once.
public enum SuiteHost {
    public static func read(settings: Settings) -> HostEvidence {
        var host = HostInspection.read()
        guard let interpreter = host.interpreter else { return host }
        host.interpreter?.sha256 = DigestCache(directory: settings.cacheDirectory).sha256(interpreter.path)
        if let launch = HostInspection.versionLaunch(interpreter) {
            host.interpreter?.version = HostInspection.version(of: Supervisor(jobs: 1).run(launch))
        }
        return host
    }

    /// One finding for each code, gravest first.
    public static func merged(_ findings: [Finding]) -> [Finding] {
        Diagnosis.merged(findings).enumerated()
            .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .map(\.element)
    }
}
