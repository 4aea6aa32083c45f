import Findings
import History
import Processes

/// Earlier saved reports of a report's command, and the usual durations of its checks, by the rules of `History`.
public struct EarlierReports {
    private let report: ReportDocument
    /// Numbers the report's checks. Earlier reports are kept by these numbers, to save memory.
    private var numbers: [CheckName: Int32] = [:]
    private var reports: [(run: EarlierRuns.Run, durations: [Sample])] = []

    private struct Sample {
        var check: Int32
        var duration: Duration
    }

    /// - Parameter report: the later report.
    public init(than report: ReportDocument) {
        self.report = report
        for check in report.checks {
            let name = CheckName(check)
            if numbers[name] == nil { numbers[name] = Int32(numbers.count) }
        }
    }

    /// Adds a report if it is an earlier one of the same command.
    public mutating func add(_ other: ReportDocument) {
        guard other.command == report.command, other.started < report.started else { return }
        var seen: Set<Int32> = []
        let samples = other.checks.compactMap { check -> Sample? in
            guard let number = numbers[CheckName(check)], RecordedCheck(check).showsWhatIsUsual,
                seen.insert(number).inserted
            else { return nil }
            return Sample(check: number, duration: check.duration)
        }
        reports.append((EarlierRuns.Run(other), samples))
        guard reports.count > UsualDuration.usualSamples,
            let oldest = reports.indices.min(by: { reports[$0].run.started < reports[$1].run.started })
        else { return }
        reports.remove(at: oldest)
    }

    /// The latest earlier runs, and how long each of the report's checks usually took in them.
    public var runs: EarlierRuns {
        let latest = reports.sorted { $0.run.started < $1.run.started }
        var samples: [[Duration]] = Array(repeating: [], count: numbers.count)
        for sample in latest.lazy.flatMap(\.durations) { samples[Int(sample.check)].append(sample.duration) }
        return EarlierRuns(
            latest.map(\.run),
            usual: report.checks.map { check in
                let durations = numbers[CheckName(check)].map { samples[Int($0)] } ?? []
                return (check, UsualDuration(durations))
            })
    }
}

extension CheckName {
    init(_ check: ReportDocument.Check) {
        self.init(
            kind: check.kind, id: check.id, image: check.image, venue: check.venue, platform: check.platform)
    }
}

extension RecordedCheck {
    init(_ check: ReportDocument.Check) {
        self.init(
            name: CheckName(check), outcome: check.outcome, duration: check.duration, attempts: check.attempts,
            detail: check.detail)
    }

    /// Whether the duration counts: only a check that passed shows how long it usually takes.
    var showsWhatIsUsual: Bool { outcome == .pass && duration > .zero }
}
