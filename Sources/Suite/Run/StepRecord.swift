public import Findings
import FoundationEssentials
import ScenarioFormat

/// What came of a step, after all its attempts: one line of the journal.
public struct StepRecord: Sendable, Codable {
    /// The step's own check: whether what was expected came.
    public var check: Check
    /// What was judged within it; empty where the step expects anything but passes.
    public var checks: [Check]
    public var findings: [Finding]
    /// See `StepResult`.
    var time: Double?

    public var id: String { check.id }

    /// A step that was not carried out.
    init(_ step: PlannedStep, _ outcome: Outcome, _ detail: String, duration: Duration = .zero) {
        check = Check(id: step.id, kind: .step, outcome: outcome, duration: duration, detail: detail)
        checks = []
        findings = []
    }

    /// - Parameters:
    ///   - attempts: what came of each, in order: nil for a process that did not tell, with the reason.
    init(_ step: PlannedStep, attempts: [Attempt]) {
        self.init(step, .broken, "was not tried")
        guard let last = attempts.last else { return }
        let judged = attempts.map { $0.judged(step) }
        let (outcome, details) = judged[judged.count - 1]
        var lines = details
        if attempts.count > 1 {
            lines = judged.enumerated().map { index, one in
                let words = one.details.isEmpty ? "" : ": \(one.details.joined(separator: "; "))"
                return "attempt \(index + 1) \(one.outcome.rawValue)\(words)"
            }
        }
        check = Check(
            id: step.id, kind: .step, outcome: outcome, duration: last.duration, attempts: attempts.count,
            detail: lines.joined(separator: "; "))
        let result = (last.result ?? StepResult(checks: [], findings: [], time: nil)).prefixed(step.id)
        time = result.time
        check.findings = result.findings.map(\.code)
        let isPlain = step.expectation.isPlain
        checks = isPlain ? result.checks : []
        findings = isPlain ? result.findings : []
        // What was right at the first attempt is not doubtful because of its neighbours.
        let earlier = attempts.dropLast().map { $0.result?.prefixed(step.id).checks ?? [] }
        for index in checks.indices {
            let failures = earlier.count { before in
                before.isEmpty
                    || before.contains {
                        $0.reference == checks[index].reference && $0.outcome != checks[index].outcome
                    }
            }
            checks[index].attempts = failures + 1
        }
    }

    /// One attempt at a step.
    struct Attempt {
        /// Nil where its process ended without telling.
        var result: StepResult?
        /// Then this is why.
        var reason = ""
        var duration: Duration

        func judged(_ step: PlannedStep) -> (outcome: Outcome, details: [String]) {
            guard let result else {
                // A step that could not be carried out is what some steps are for: a full disk, no memory.
                let stand = Check(id: step.id, kind: .step, outcome: .broken, detail: reason)
                let expected = step.expectation
                guard !expected.isPlain, expected.problems(checks: [stand], findings: []).isEmpty else {
                    return (.broken, [reason])
                }
                return (.pass, ["as expected: \(reason)"])
            }
            let expectation = step.expectation
            if expectation.isPlain {
                let outcome = Outcome(of: result.checks)
                let wrong = result.checks.filter { $0.outcome == outcome && outcome != .pass }
                let details = wrong.prefix(2).map { "\($0.reference): \($0.detail)" }
                let more = wrong.count > 2 ? ["and \(wrong.count - 2) more"] : []
                return (outcome, details + more)
            }
            let problems =
                step.drill.map { Self.problems(of: $0, result, duration) }
                ?? expectation.problems(checks: result.checks, findings: result.findings)
            if problems.isEmpty {
                let codes = result.findings.filter { $0.severity > .info }.map(\.code.rawValue)
                return (.pass, codes.isEmpty ? [] : ["as expected: \(codes.joined(separator: ", "))"])
            }
            // What the harness could not find out is no proof against the host.
            let isBroken = Outcome(of: result.checks) == .broken && expectation.outcome != .broken
            return (isBroken ? .broken : .fail, problems)
        }

        /// As `assay drill` judges it.
        private static func problems(of drill: Drill, _ result: StepResult, _ duration: Duration) -> [String] {
            let outcomes = Dictionary(result.checks.map { ($0.reference, $0.outcome) }) { first, _ in first }
            return DrillResult(
                drill, reported: result.findings.map { ($0.code, $0.severity) }, outcomes: outcomes, afterRemedy: nil,
                duration: duration
            ).problems
        }
    }

    /// One line of JSON, without the line end.
    var line: String {
        get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }

    init(line: some StringProtocol) throws {
        self = try JSONDecoder().decode(StepRecord.self, from: Data(line.utf8))
    }
}

extension PlannedStep {
    /// The drill that is carried out as it stands; nil where the file says what to do in it, or what to expect.
    var drill: Drill? {
        guard case .fault(let fault) = step.action, fault.steps == nil, step.expectation == nil else { return nil }
        return try? SuiteDrills.named(fault.drill)
    }

    /// What must come of it: what the file says, else what its drill proves, else that all passes.
    var expectation: Expectation {
        if let expected = step.expectation { return expected }
        return drill.map { Expectation(findings: [$0.proves].compactMap(\.self), only: true) } ?? Expectation()
    }
}
