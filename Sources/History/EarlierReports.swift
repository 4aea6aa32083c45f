import Findings
public import Reports

/// Saved reports beside one of the same command: what was usual before it, by the rules that hold for recorded runs.
public struct EarlierReports {
    private let report: ReportDocument
    private var reports: [(run: EarlierRuns.Run, checks: [RecordedCheck])] = []

    /// - Parameter report: the one that the others are earlier than.
    public init(than report: ReportDocument) { self.report = report }

    /// Takes a report if it is an earlier one of the same command.
    public mutating func add(_ other: ReportDocument) {
        guard other.command == report.command, other.started < report.started else { return }
        reports.append((EarlierRuns.Run(other), other.checks.map(RecordedCheck.init).filter(\.showsWhatIsUsual)))
    }

    /// The latest of them, and what each of the report's checks took in them.
    public var runs: EarlierRuns {
        let latest = reports.sorted { $0.run.started < $1.run.started }.suffix(RunHistory.usualSamples)
        var samples: [CheckName: [Duration]] = [:]
        for (_, checks) in latest {
            var seen: Set<CheckName> = []
            for check in checks where seen.insert(check.name).inserted {
                samples[check.name, default: []].append(check.duration)
            }
        }
        return EarlierRuns(
            latest.map(\.run),
            usual: report.checks.map { ($0, UsualDuration(samples[CheckName($0), default: []])?.median) })
    }
}

extension CheckName {
    init(_ check: ReportDocument.Check) {
        self.init(kind: check.kind, id: check.id, image: check.image, venue: check.venue)
    }
}

extension RecordedCheck {
    init(_ check: ReportDocument.Check) {
        self.init(
            name: CheckName(check), outcome: check.outcome, duration: check.duration, attempts: check.attempts,
            detail: check.detail)
    }

    /// What did not pass says nothing about how long the check takes.
    var showsWhatIsUsual: Bool { outcome == .pass && duration > .zero }
}
