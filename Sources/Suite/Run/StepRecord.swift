public import Findings
import FoundationEssentials
import ScenarioFormat

/// The result of a step after all its attempts: one line of the journal.
public struct StepRecord: Sendable, Codable {
    /// The step's own check: whether its expectation was met.
    public var check: Check
    /// The checks within the step; empty if it expects anything but passes.
    public var checks: [Check]
    public var findings: [Finding]
    /// In milliseconds: see `StepResult`.
    var time: Double?
    var spread: Double?

    public var id: String { check.id }

    /// A step that was not carried out.
    init(_ step: PlannedStep, _ outcome: Outcome, _ detail: String, duration: Duration = .zero) {
        check = Check(id: step.id, kind: .step, outcome: outcome, duration: duration, detail: detail)
        check.platform = step.platform
        checks = []
        findings = []
    }

    /// A step that cannot pass before a finding is mended.
    init(_ step: PlannedStep, following code: FindingCode) {
        self.init(step, .skip, "")
        check.follow(code)
    }

    /// - Parameters:
    ///   - attempts: the result of each attempt, in order.
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
        check.platform = step.platform
        let result = (last.result ?? StepResult(checks: [], findings: [], time: nil)).prefixed(step.id)
        time = result.time
        spread = result.spread
        let isPlain = step.expectation.isPlain
        // A finding that is there and explains nothing of what went wrong is not the step's.
        let wrong = Set(result.checks.filter { $0.outcome == outcome }.map(\.reference))
        check.findings = result.findings.filter { outcome == .pass || !isPlain || !wrong.isDisjoint(with: $0.checks) }
            .map(\.code)
        checks = isPlain ? result.checks : []
        findings = isPlain ? result.findings : []
        // A check that passed at the first attempt is not flaky because others failed.
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
        /// Nil if its process ended without a result.
        var result: StepResult?
        /// Why there is no result.
        var reason = ""
        var duration: Duration

        func judged(_ step: PlannedStep) -> (outcome: Outcome, details: [String]) {
            guard let result else {
                // Some steps are meant to be impossible: a full disk, no memory.
                let stand = Check(id: step.id, kind: .step, outcome: .broken, detail: reason)
                let expected = step.expectation
                guard !expected.isPlain, expected.problems(checks: [stand], findings: []).isEmpty else {
                    return (.broken, [reason])
                }
                return (.pass, ["as expected: \(reason)"])
            }
            if result.checks.count == 1, result.checks[0].id == FaultScope.absent {
                return (.skip, [result.checks[0].detail])
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
            // What the harness could not find out is no evidence against the host.
            let isBroken = Outcome(of: result.checks) == .broken && expectation.outcome != .broken
            return (isBroken ? .broken : .fail, problems)
        }

        /// As `assay drill` judges it.
        private static func problems(of drill: Drill, _ result: StepResult, _ duration: Duration) -> [String] {
            let outcomes = Dictionary(result.checks.map { ($0.reference, $0.outcome) }) { first, _ in first }
            return DrillResult(
                drill, reported: result.findings.map { ($0.code, $0.severity, $0.summary) }, outcomes: outcomes,
                afterRemedy: nil,
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
    /// The drill, if it is carried out unchanged; nil if the file gives its steps or the expectation.
    var drill: Drill? {
        guard case .fault(let fault) = step.action, fault.steps == nil, step.expectation == nil else { return nil }
        return try? SuiteDrills.named(fault.drill, for: guest)
    }

    /// The expectation: the file's, else what its drill proves, else that all checks pass.
    var expectation: Expectation {
        if let expected = step.expectation { return expected }
        return drill.map { Expectation(findings: [$0.proves].compactMap(\.self), only: true) } ?? Expectation()
    }
}
