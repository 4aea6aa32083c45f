public import Findings

/// The process's exit status. A contract: see the README.
public enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Every check passed or does not apply.
    case fit = 0
    /// A check failed.
    case unfit = 1
    /// Something could not be found out.
    case undetermined = 2
    /// Only warnings or flaky checks, and `--strict` was given.
    case strict = 3
    /// Nothing was selected.
    case nothingSelected = 4
    /// The command line was wrong.
    case usage = 64
    /// A scenario or input file is malformed.
    case malformedInput = 65
    /// An input file does not exist, or cannot be read.
    case noInput = 66

    /// Of what is left without what is allowed.
    public init(_ report: ReportDocument, strict: Bool) {
        let rules = report.allowanceRules
        let doubtful =
            report.summary.flaky > 0
            || report.findings.contains { $0.severity >= .warning && !rules.allows($0.code) }
        self.init(report.remaining, doubtful: doubtful, strict: strict)
    }

    /// - Parameter doubtful: whether there are warnings or flaky checks.
    public init(_ verdict: Verdict, doubtful: Bool, strict: Bool) {
        switch verdict {
        case .unfit: self = .unfit
        case .undetermined: self = .undetermined
        case .fit: self = strict && doubtful ? .strict : .fit
        }
    }
}
