import Evidence
public import Findings
import Guest
import Reports
import Sandbox
public import SystemPackage

/// A replacement of the host's handler, tried in a registry of its own before the host's is touched.
public struct RemedyTrial: Sendable {
    /// The assay program, which is run again.
    public var program: FilePath
    public var environment: [String: String]

    public init(program: FilePath, environment: [String: String]) {
        self.program = program
        self.environment = environment
    }

    /// Why the replacement is not to be made; nil where it cures what ails the host.
    public func objection(to trial: SafeRemedy.Trial) -> String? {
        var launch = Launch(
            path: program,
            arguments: [
                "assay", "host", "--interpreter", trial.interpreter, "--flags", trial.flags, "--format", "json",
            ], venue: .direct, timeout: .seconds(30))
        launch.environment = environment
        launch.outputLimit = 16 << 20
        let ended = Supervisor(jobs: 1).run(launch)
        guard let report = try? ReportDocument(json: ended.output.bytes, file: "of the trial") else {
            return "it could not be tried in a private registry: \(ended.complaint)"
        }
        let faults = report.findings.filter { $0.severity == .error }
        guard report.verdict == .fit, faults.isEmpty else {
            let what = faults.first.map { "\($0.code): \($0.summary)" } ?? "the verdict is \(report.verdict.rawValue)"
            return "in a private registry \(trial.interpreter) does not cure it: \(what)"
        }
        return nil
    }
}
