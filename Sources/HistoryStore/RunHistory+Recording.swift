import Evidence
import Findings
import History
public import Processes
public import Reports

extension RunHistory {
    /// Records a run in one transaction, and removes the oldest runs beyond `keep`.
    ///
    /// - Parameter keep: how many runs to keep, at least 1.
    /// - Returns: the run's number.
    /// - Throws: `HistoryError`.
    @discardableResult
    public func record(
        _ report: Report, exitStatus: Int32, keep: Int = usualBound
    ) throws(HistoryError) -> Int64 {
        // Do not record more than can be read again.
        guard report.checks.count <= Connection.mostRows else { throw connection.overLimit() }
        return try connection.transaction(writing: true) { () throws(HistoryError) in
            let host = try HostFingerprint(report.hosts).map { host throws(HistoryError) in try identify(host) }
            try connection.run(
                """
                INSERT INTO runs (command, started, duration_us, verdict, version, exit_status, host, privileged)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(report.command), .integer(Int64(report.started.seconds)),
                    .integer(report.duration.microseconds), .text(report.verdict.rawValue), .text(report.version),
                    .integer(Int64(exitStatus)), Value(host), .integer(report.host?.privileged == true ? 1 : 0),
                ])
            let run = connection.lastRow
            for (position, check) in report.checks.enumerated() { try insert(check, run, Int64(position)) }
            for (position, finding) in report.findings.enumerated() { try insert(finding, run, Int64(position)) }
            try forget("id <= (SELECT id FROM runs ORDER BY id DESC LIMIT 1 OFFSET ?)", .integer(Int64(max(1, keep))))
            return run
        }
    }

    /// Removes runs, and returns their space to the file system.
    ///
    /// - Parameters:
    ///   - keep: how many of the latest runs to keep; nil: all.
    ///   - before: remove runs that began before this time; nil: none for their age.
    /// - Returns: how many were removed.
    /// - Throws: `HistoryError`.
    public func prune(keep: Int?, before: Timestamp?) throws(HistoryError) -> Int {
        let gone = try connection.transaction(writing: true) { () throws(HistoryError) in
            var gone = 0
            if let keep {
                gone += try forget(
                    "id <= (SELECT id FROM runs ORDER BY id DESC LIMIT 1 OFFSET ?)", .integer(Int64(max(0, keep))))
            }
            if let before { gone += try forget("started < ?", .integer(Int64(before.seconds))) }
            if gone > 0 {
                try connection.execute(
                    """
                    DELETE FROM hosts WHERE id NOT IN (SELECT host FROM runs WHERE host IS NOT NULL);
                    DELETE FROM subjects WHERE id NOT IN (SELECT subject FROM checks);
                    """)
            }
            return gone
        }
        if gone > 0 { try connection.execute("VACUUM") }
        return gone
    }

    /// Removes runs, and with them their checks and findings.
    @discardableResult
    private func forget(_ condition: String, _ value: Value) throws(HistoryError) -> Int {
        try connection.run("DELETE FROM runs WHERE \(condition)", [value])
        return connection.changes
    }

    private func insert(_ check: Check, _ run: Int64, _ position: Int64) throws(HistoryError) {
        try connection.run(
            "INSERT INTO checks (run, position, subject, outcome, duration_us, attempts, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                .integer(run), .integer(position), .integer(try identify(CheckName(check))),
                .text(check.outcome.rawValue), .integer(check.duration.microseconds), .integer(Int64(check.attempts)),
                .text(check.detail),
            ])
    }

    private func insert(_ finding: Finding, _ run: Int64, _ position: Int64) throws(HistoryError) {
        try connection.run(
            "INSERT INTO findings (run, position, code, severity, summary, platform) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .integer(run), .integer(position), .text(finding.code.rawValue), .text(finding.severity.rawValue),
                .text(finding.summary), .text(finding.platform ?? ""),
            ])
    }

    /// The id of the host's row, inserted if new.
    private func identify(_ host: HostFingerprint) throws(HistoryError) -> Int64 {
        if let known = try row(of: host) { return known }
        try connection.run(
            "INSERT INTO hosts (\(HostFingerprint.columns)) VALUES (?, ?, ?, ?, ?, ?, ?)", host.values)
        return connection.lastRow
    }

    private func identify(_ name: CheckName) throws(HistoryError) -> Int64 {
        if let known = try row(of: name) { return known }
        try connection.run(
            "INSERT INTO subjects (name, venue, image, kind, platform) VALUES (?, ?, ?, ?, ?)", name.values)
        return connection.lastRow
    }

    func row(of host: HostFingerprint) throws(HistoryError) -> Int64? {
        try connection.rows(
            "SELECT id FROM hosts WHERE (\(HostFingerprint.columns)) = (?, ?, ?, ?, ?, ?, ?)", host.values
        ) { $0.integer(0) }.first
    }

    func row(of name: CheckName) throws(HistoryError) -> Int64? {
        try connection.rows(
            "SELECT id FROM subjects WHERE name = ? AND venue = ? AND image = ? AND kind = ? AND platform = ?",
            name.values
        ) { $0.integer(0) }.first
    }
}

extension CheckName {
    fileprivate var values: [Value] {
        [.text(id), .text(venue ?? ""), .text(image ?? ""), .text(kind), .text(platform ?? "")]
    }

    /// - Parameter column: the column of `kind`; `name`, `image`, `venue` and `platform` follow.
    init(_ row: Row, from column: Int32) {
        self.init(
            kind: row.text(column), id: row.text(column + 1), image: row.optionalText(column + 2),
            venue: row.optionalText(column + 3), platform: row.optionalText(column + 4))
    }
}

extension Duration {
    /// Whole microseconds.
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
