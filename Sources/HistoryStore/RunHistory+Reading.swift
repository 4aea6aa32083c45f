import Findings
public import History
import Processes
import Reports

extension RunHistory {
    /// Runs without their checks, latest first.
    ///
    /// - Parameters:
    ///   - last: the most runs to return.
    ///   - command: only runs of this command; nil: all.
    ///   - host: only runs on this host; nil: all.
    /// - Throws: `HistoryError`.
    public func runs(
        last: Int, command: String? = nil, host: HostFingerprint? = nil
    ) throws(HistoryError) -> [RunOverview] {
        var conditions: [String] = []
        var values: [Value] = []
        if let command {
            conditions.append("command = ?")
            values.append(.text(command))
        }
        if let host {
            guard let row = try row(of: host) else { return [] }
            conditions.append("host = ?")
            values.append(.integer(row))
        }
        let clause = conditions.isEmpty ? "true" : conditions.joined(separator: " AND ")
        return try overviews("\(clause) ORDER BY runs.id DESC LIMIT ?", values + [.integer(Int64(last))])
    }

    /// One run with its checks and findings.
    ///
    /// - Throws: `HistoryError`: `.unknownRun` if no run has this number.
    public func run(_ id: Int64) throws(HistoryError) -> RecordedRun {
        guard let overview = try overviews("runs.id = ?", [.integer(id)]).first else {
            let known = try connection.rows("SELECT min(id), max(id) FROM runs") {
                "runs \($0.integer(0)) to \($0.integer(1))"
            }
            throw HistoryError(
                .unknownRun, action: connection.action, path: path, expected: "a run that is recorded (\(known[0]))",
                found: "run \(id)")
        }
        let checks = try connection.rows(
            """
            SELECT kind, name, image, venue, platform, outcome, duration_us, attempts, detail
            FROM checks JOIN subjects ON subjects.id = subject WHERE run = ? ORDER BY position
            """, [.integer(id)]
        ) { row in
            RecordedCheck(
                name: CheckName(row, from: 0), outcome: Outcome(rawValue: row.text(5)) ?? .broken,
                duration: .microseconds(row.integer(6)), attempts: Int(row.integer(7)), detail: row.text(8))
        }
        let findings = try connection.rows(
            "SELECT code, severity, summary, platform FROM findings WHERE run = ? ORDER BY position", [.integer(id)]
        ) { row in
            RecordedFinding(
                code: row.text(0), severity: Severity(rawValue: row.text(1)) ?? .error, summary: row.text(2),
                platform: row.optionalText(3))
        }
        return RecordedRun(overview: overview, checks: checks, findings: findings)
    }

    /// The run to compare `run` with; nil if there is none. It is the latest earlier run of the same command that
    /// shares at least half of the checks of either run, so that a suite is not compared with another suite or with a
    /// part of itself. Only the 100 latest earlier runs are considered.
    ///
    /// - Throws: `HistoryError`.
    public func run(before run: RecordedRun) throws(HistoryError) -> RecordedRun? {
        let candidates = try connection.rows(
            """
            SELECT earlier.run, count(DISTINCT earlier.subject) AS common
            FROM checks AS now JOIN checks AS earlier USING (subject) JOIN runs ON runs.id = earlier.run
            WHERE now.run = ?1 AND earlier.run < ?1 AND command = ?2
                AND earlier.run >= (
                    SELECT min(id) FROM (SELECT id FROM runs WHERE id < ?1 AND command = ?2 ORDER BY id DESC LIMIT 100))
            GROUP BY earlier.run HAVING common * 2 >= ?3
                AND common * 2 >= (SELECT count(DISTINCT subject) FROM checks WHERE run = earlier.run)
            ORDER BY earlier.run DESC LIMIT 1
            """,
            [
                .integer(run.overview.id), .text(run.overview.command),
                .integer(Int64(Set(run.checks.map(\.name)).count)),
            ]
        ) { $0.integer(0) }
        guard let id = candidates.first else { return nil }
        return try self.run(id)
    }

    private func overviews(_ clause: String, _ values: [Value]) throws(HistoryError) -> [RunOverview] {
        try connection.rows(
            """
            SELECT runs.id, command, started, duration_us, verdict, version, exit_status, privileged, host,
                (SELECT count(*) FROM checks WHERE run = runs.id AND outcome = 'pass'),
                (SELECT count(*) FROM checks WHERE run = runs.id AND outcome = 'fail'),
                (SELECT count(*) FROM checks WHERE run = runs.id AND outcome = 'skip'),
                (SELECT count(*) FROM checks WHERE run = runs.id AND outcome = 'broken'),
                (SELECT count(*) FROM checks WHERE run = runs.id AND outcome = 'pass' AND attempts > 1),
                \(HostFingerprint.columns)
            FROM runs LEFT JOIN hosts ON hosts.id = host WHERE \(clause)
            """, values
        ) { row in
            RunOverview(
                id: row.integer(0), command: row.text(1), started: Timestamp(seconds: Int(row.integer(2))),
                duration: .microseconds(row.integer(3)), verdict: Verdict(rawValue: row.text(4)) ?? .undetermined,
                version: row.text(5), exitStatus: Int32(truncatingIfNeeded: row.integer(6)),
                host: row.optionalInteger(8).map { _ in HostFingerprint(row, from: 14) },
                privileged: row.integer(7) != 0,
                counts: OutcomeCounts(
                    pass: Int(row.integer(9)), fail: Int(row.integer(10)), skip: Int(row.integer(11)),
                    broken: Int(row.integer(12)), flaky: Int(row.integer(13))))
        }
    }
}
