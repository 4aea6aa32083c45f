import Evidence
public import Findings
public import Guest
import Reports
import Sandbox
public import SystemPackage

/// Tries a replacement of the host's handler in a private registry, before the host's own is changed.
public struct RemedyTrial: Sendable {
    /// The assay program, which runs again for the trial.
    public var program: FilePath
    public var environment: [String: String]
    /// Whose smallest program it starts.
    public var guest: Guest

    public init(guest: Guest, program: FilePath, environment: [String: String]) {
        self.guest = guest
        self.program = program
        self.environment = environment
    }

    /// The result of the guest's smallest program, on the host and in an empty root.
    enum Outcome {
        case fits
        /// The errors of the report.
        case fails([Fault])
        /// Nothing was found out about the path, for this reason.
        case unknown(String)
    }

    struct Fault {
        var code: FindingCode
        var summary: String
        var text: String { "\(code.rawValue): \(summary)" }
    }

    /// Why the replacement should not be made, for people; nil if it cures the host.
    public func objection(to trial: SafeRemedy.Trial) -> String? {
        switch outcome(of: trial) {
        case .fits: nil
        case .unknown(let reason): "it could not be tried in a private registry: \(reason)"
        case .fails(let faults): "in a private registry \(trial.interpreter) does not cure it: \(faults[0].text)"
        }
    }

    /// Runs the trial in a private registry.
    func outcome(of trial: SafeRemedy.Trial) -> Outcome {
        run(["--interpreter", trial.interpreter, "--flags", trial.flags])
    }

    /// Runs the trial in the registry as it is now.
    func outcome() -> Outcome { run([]) }

    private func run(_ options: [String]) -> Outcome {
        var launch = Launch(
            path: program, arguments: ["assay", "host", "--format", "json"] + options, venue: .direct,
            timeout: .seconds(60))
        if let platform = guest.namedPlatform { launch.arguments += ["--platform", platform] }
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
