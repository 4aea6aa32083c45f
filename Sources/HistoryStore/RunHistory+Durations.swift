public import Evidence
import Findings
public import History
public import Reports

extension RunHistory {
    /// What each check took when it passed at the first attempt, on a host like this one.
    ///
    /// - Parameters:
    ///   - host: the same kernel, interpreter and handler; nil: runs that did not look at a host.
    ///   - command: in runs of this command, because others run their checks under another load; nil: of any.
    ///   - checks: these only; nil: all.
    ///   - run: in runs before this one; nil: in all.
    /// - Throws: `HistoryError`.
    public func usualDurations(
        host: HostFingerprint?, command: String? = nil, of checks: [CheckName]? = nil, before run: Int64? = nil,
        samples: Int = UsualDuration.usualSamples
    ) throws(HistoryError) -> [CheckName: UsualDuration] {
        var hostRow: Int64?
        if let host {
            guard let row = try row(of: host) else { return [:] }
            hostRow = row
        }
        var usual: [CheckName: UsualDuration] = [:]
        let names: [CheckName] = if let checks { checks } else { try recordedNames() }
        for name in names {
            guard usual[name] == nil, let subject = try row(of: name) else { continue }
            let durations = try connection.rows(
                """
                SELECT checks.duration_us FROM checks JOIN runs ON runs.id = run
                WHERE subject = ? AND run < ? AND outcome = 'pass' AND attempts = 1 AND checks.duration_us > 0
                    AND host IS ? AND command = coalesce(?, command)
                ORDER BY run DESC LIMIT ?
                """,
                [
                    .integer(subject), .integer(run ?? .max), Value(hostRow), Value(command),
                    .integer(Int64(samples)),
                ]
            ) { Duration.microseconds($0.integer(0)) }
            usual[name] = UsualDuration(durations)
        }
        return usual
    }

    /// A report's checks that passed, each beside what it usually takes in runs of the same command on this host.
    ///
    /// - Throws: `HistoryError`.
    public func durations(of report: Report) throws(HistoryError) -> [DurationEvidence] {
        let usual = try usualDurations(
            host: report.host.map { HostFingerprint($0) }, command: report.command,
            of: report.checks.filter { $0.outcome == .pass }.map { CheckName($0) })
        return report.checks.compactMap { check in
            let name = CheckName(check)
            return DurationEvidence(name, check.outcome, check.duration, usual[name])
        }
    }

    private func recordedNames() throws(HistoryError) -> [CheckName] {
        try connection.rows("SELECT kind, name, image, venue FROM subjects") { CheckName($0, from: 0) }
    }
}
