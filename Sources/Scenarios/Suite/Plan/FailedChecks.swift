import FoundationEssentials
import Sandbox

/// What failed in an earlier run, for `--rerun-failed`.
public enum FailedChecks {
    private struct Form: Decodable {
        struct Check: Decodable {
            var id: String
            var outcome: String
        }
        var schema: String
        var command: String
        var checks: [Check]
    }

    /// The ids of checks that failed, or that could not be made, in a report in JSON.
    ///
    /// - Throws: `Errno` where it cannot be read, `SuiteError` for anything but a report of `assay run`.
    public static func read(_ path: String) throws -> Set<String> {
        let bytes = try readWhole(path, limit: 256 << 20)
        guard let form = try? JSONDecoder().decode(Form.self, from: Data(bytes)) else {
            throw MalformedInput("\(path): expected a report in JSON (--report json=PATH), found something else")
        }
        guard form.schema.hasPrefix("assay.report/"), form.command == "run" else {
            throw MalformedInput(
                "\(path): expected a report of assay run, found one of \(form.schema) assay \(form.command)")
        }
        return Set(form.checks.filter { $0.outcome == "fail" || $0.outcome == "broken" }.map(\.id))
    }
}

/// An input file that is not what it should be.
public struct MalformedInput: Error, Sendable, CustomStringConvertible {
    public var description: String

    init(_ description: String) { self.description = description }
}
