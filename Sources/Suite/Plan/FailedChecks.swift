import Findings
import Operations
import Reports

/// What failed in an earlier run, for `--rerun-failed`.
public enum FailedChecks {
    /// Reads the ids of checks that failed, or could not be made, from a report in JSON.
    ///
    /// - Throws: `UnreadableReport`, `MalformedReport`; `MalformedInput` for a report of another command.
    public static func read(_ path: String) throws -> Set<String> {
        let report = try SavedReports.read(path)
        guard report.command == "run" else {
            throw MalformedInput("\(path): expected a report of assay run, found one of assay \(report.command)")
        }
        return Set(report.checks.filter { $0.outcome == .fail || $0.outcome == .broken }.map(\.id))
    }
}
