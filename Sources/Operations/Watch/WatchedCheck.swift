import Evidence
import Findings
import Glibc
import Processes
public import Reports
import Sandbox
import SystemPackage

/// A check that `assay watch` repeats: another process of this program, so that what one leaves in memory, or ends it,
/// does not reach the next.
public struct WatchedCheck: Sendable {
    /// The check cannot be made like this: the command line, a configuration, or a selection of nothing.
    public struct Refusal: Error {
        /// The exit status that the command gave.
        public let status: Int32
        /// What it said.
        public let message: String
    }

    /// What came of one.
    public struct Found: Sendable {
        /// Of a check that could not be made: one broken check, and the verdict `undetermined`.
        public var document: ReportDocument
        /// The command's exit status was 0: all is well, or allowed.
        public var isHealthy: Bool
        /// No report came of it.
        public var hasFailed: Bool
    }

    /// A command that judges, with its options.
    let words: [String]
    let version: String
    /// When a check is ended that does not end.
    let limit: Duration

    /// - Throws: `Refusal`.
    func run() throws(Refusal) -> Found {
        var launch = Launch(
            path: "/proc/self/exe", arguments: ["assay"] + words + ["--format", "json"], venue: .direct, timeout: limit)
        launch.environment = Tool.environment.filter { !ServiceNotice.variables.contains($0.key) }
        // It removes what it made.
        launch.terminationGrace = .seconds(5)
        launch.outputLimit = 16 << 20
        let started = Timestamp.now
        let ended = Supervisor(jobs: 1).run(launch)
        if case .exited(let status) = ended.reason {
            if let document = try? ReportDocument(json: ended.output.bytes, file: "a check's report") {
                return Found(document: document, isHealthy: status == ExitStatus.fit.rawValue, hasFailed: false)
            }
            let refusals = [ExitStatus.usage, .malformedInput, .nothingSelected].map(\.rawValue)
            if refusals.contains(status) { throw Refusal(status: status, message: ended.errors.text) }
        }
        // Else its last line only says what was running.
        let reason = if case .exited = ended.reason { ended.complaint } else { ended.words }
        return unmade(reason, started: started, duration: ended.duration)
    }

    /// What is told of a check that could not be made.
    func unmade(_ reason: String, started: Timestamp, duration: Duration) -> Found {
        let check = ReportDocument.Check(
            id: "watch.check", kind: Check.Kind.host.rawValue, outcome: .broken, duration: duration, attempts: 1,
            detail: "assay \(words.joined(separator: " ")): \(reason)", findings: [])
        var summary = OutcomeCounts()
        summary.count(.broken, flaky: false)
        let host = ReportDocument.Host(
            name: KernelNames.node, kernel: "Linux \(KernelNames.release)", machine: KernelNames.machine,
            privileged: geteuid() == 0)
        let document = ReportDocument(
            version: version, command: words[0], verdict: .undetermined, started: started, duration: duration,
            host: host, summary: summary, checks: [check], findings: [])
        return Found(document: document, isHealthy: false, hasFailed: true)
    }
}
