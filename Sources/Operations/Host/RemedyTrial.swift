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

    /// What running the guest's smallest program came to, on the host and in an empty root.
    enum Outcome {
        case fits
        /// The errors that were found.
        case fails([Fault])
        /// Nothing was found out about the path: why.
        case unknown(String)
    }

    struct Fault {
        var code: FindingCode
        var summary: String
        var text: String { "\(code.rawValue): \(summary)" }
    }

    /// Why the replacement is not to be made; nil where it cures what ails the host.
    public func objection(to trial: SafeRemedy.Trial) -> String? {
        switch outcome(of: trial) {
        case .fits: nil
        case .unknown(let reason): "it could not be tried in a private registry: \(reason)"
        case .fails(let faults): "in a private registry \(trial.interpreter) does not cure it: \(faults[0].text)"
        }
    }

    /// In a private registry.
    func outcome(of trial: SafeRemedy.Trial) -> Outcome {
        run(["--interpreter", trial.interpreter, "--flags", trial.flags])
    }

    /// With the registry as it is now.
    func outcome() -> Outcome { run([]) }

    private func run(_ options: [String]) -> Outcome {
        var launch = Launch(
            path: program, arguments: ["assay", "host", "--format", "json"] + options, venue: .direct,
            timeout: .seconds(60))
        launch.environment = environment
        launch.outputLimit = 16 << 20
        let ended = Supervisor(jobs: 1).run(launch)
        guard let report = try? ReportDocument(json: ended.output.bytes, file: "of the trial") else {
            return .unknown(ended.complaint)
        }
        let faults = report.findings.filter { $0.severity == .error }
        if report.verdict == .fit && faults.isEmpty { return .fits }
        let known = faults.compactMap { fault in
            FindingCode(rawValue: fault.code).map { Fault(code: $0, summary: fault.summary) }
        }
        if !known.isEmpty { return .fails(known) }
        return .unknown("the verdict is \(report.verdict.rawValue)")
    }
}
