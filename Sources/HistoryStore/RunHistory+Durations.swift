public import Evidence
import Findings
public import History
public import Reports

extension RunHistory {
    /// The usual duration of each check: from passes at the first attempt, on a comparable host.
    ///
    /// - Parameters:
    ///   - host: same kernel, interpreter and handler; nil: runs that did not look at a host.
    ///   - command: only runs of this command, since other commands run checks under another load; nil: any.
    ///   - checks: only these; nil: all.
    ///   - run: only runs before this one; nil: all.
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

    /// The passed checks of a report, with the usual durations from runs of the same command on this host.
    ///
    /// - Throws: `HistoryError`.
    public func durations(of report: Report) throws(HistoryError) -> [DurationEvidence] {
        let usual = try usualDurations(
            host: HostFingerprint(report.hosts), command: report.command,
            of: report.checks.filter { $0.outcome == .pass }.map { CheckName($0) })
        return report.checks.compactMap { check in
            let name = CheckName(check)
            return DurationEvidence(name, check.outcome, check.duration, usual[name])
        }
    }

    private func recordedNames() throws(HistoryError) -> [CheckName] {
        try connection.rows("SELECT kind, name, image, venue, platform FROM subjects") { CheckName($0, from: 0) }
    }
}
