import Evidence
import Findings
import FoundationEssentials
import Processes

/// The judged results of a step's process.
public struct StepResult: Sendable, Codable {
    var checks: [Check]
    var findings: [Finding]
    /// The time that a measure step compares, in milliseconds: the median of its runs.
    var time: Double?
    /// The median deviation of those runs from that time, in milliseconds; nil if it is not known.
    var spread: Double?

    /// One line of JSON, for the process that started this one.
    public var text: String {
        get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) + "\n" }
    }

    init(checks: [Check], findings: [Finding], time: Double?) {
        self.checks = checks
        self.findings = findings
        self.time = time
    }

    /// - Throws: `DecodingError`.
    init(text: String) throws {
        self = try JSONDecoder().decode(StepResult.self, from: Data(text.utf8))
    }

    /// The result without checks of the emulation path, which an inspect step makes.
    var withoutHostChecks: StepResult {
        var result = self
        result.checks.removeAll { $0.kind == .host }
        return result
    }

    init(_ evidence: CommandEvidence, time: Duration? = nil) {
        let diagnosis = Diagnosis(evidence)
        checks = diagnosis.checks
        findings = diagnosis.findings
        // Count the checks' own time, without preparations.
        let sum = diagnosis.checks.map(\.duration).reduce(.zero, +)
        self.time = time?.milliseconds ?? (sum > .zero ? sum.milliseconds : nil)
    }

    /// The result with all ids below a step's name.
    func prefixed(_ prefix: String) -> StepResult {
        var result = self
        for index in result.checks.indices { result.checks[index].id = "\(prefix)/\(result.checks[index].id)" }
        for index in result.findings.indices {
            result.findings[index].checks = result.findings[index].checks.map { "\(prefix)/\($0)" }
        }
        return result
    }

    /// Several steps' results as one.
    static func joined(_ results: [StepResult]) -> StepResult {
        let times = results.compactMap(\.time)
        return StepResult(
            checks: results.flatMap(\.checks), findings: Diagnosis.merged(results.flatMap(\.findings)),
            time: times.isEmpty ? nil : times.reduce(0, +))
    }
}
