import Evidence
import Findings
import History
import HistoryStore
import Processes
import Reports
import Suite
import SystemPackage

/// Records runs in the history if wanted. An error of the history is a note on standard error and never changes the
/// verdict or exit status.
struct HistoryRecorder {
    let path: FilePath

    /// Nil if this run should not or cannot be recorded.
    ///
    /// - Parameter asked: the command line's choice; nil if it has none.
    init?(command: String, asked: Bool?) {
        guard Self.isWanted(command: command, asked: asked) else { return nil }
        do { path = try CallerEnvironment.historyPath } catch {
            Self.note(error)
            return nil
        }
    }

    static func isWanted(command: String, asked: Bool?) -> Bool {
        // A drill's faults are injected, and must not count as this host's.
        guard command != "drill" else { return false }
        return asked ?? Tool.variable("ASSAY_HISTORY").map { $0 != "0" } ?? (command == "run")
    }

    /// Adds findings for checks that took longer than usual.
    func compare(_ report: inout Report) {
        do {
            guard let history = try RunHistory.forReading(path) else { return }
            report.add(DurationRules(try history.durations(of: report)).findings)
        } catch {
            Self.note(error)
        }
    }

    /// - Returns: what changed since the last run that can be compared, in some words; nil if there is none.
    func record(_ report: Report, _ status: ExitStatus) -> String? {
        do {
            let history = try RunHistory.forRecording(path)
            let now = try history.run(try history.record(report, exitStatus: status.rawValue))
            return try history.run(before: now).map { RunChanges(from: $0, to: now).brief }
        } catch {
            Self.note(error)
            return nil
        }
    }

    /// The usual durations of a suite's steps on this host, by id: the median of earlier runs. Empty if unknown.
    ///
    /// - Parameter hosts: the host as each guest finds it; called only if there is a history.
    static func usual(_ steps: [PlannedStep], on hosts: () -> [HostEvidence]) -> [String: Duration] {
        do {
            guard let history = try RunHistory.forReading(CallerEnvironment.historyPath) else { return [:] }
            let names = steps.map { CheckName(kind: Check.Kind.step.rawValue, id: $0.id, platform: $0.platform) }
            let usual = try history.usualDurations(host: HostFingerprint(hosts()), command: "run", of: names)
            return Dictionary(usual.map { ($0.key.id, $0.value.median) }) { one, _ in one }
        } catch {
            note(error)
            return [:]
        }
    }

    private static func note(_ error: any Error) { StandardError.write("assay: history: \(error)\n") }
}

extension CallerEnvironment {
    /// The history has no valid path.
    struct NoHistoryPath: Error, CustomStringConvertible {
        let description: String
    }

    /// `$ASSAY_HISTORY` if that is a path, else `assay/history.sqlite` in `$XDG_STATE_HOME`, else in `~/.local/state`.
    static var historyPath: FilePath {
        get throws(NoHistoryPath) {
            if let setting = Tool.variable("ASSAY_HISTORY"), setting != "0", setting != "1" {
                let path = FilePath(setting)
                guard path.isAbsolute else {
                    throw NoHistoryPath(
                        description: "reading ASSAY_HISTORY: expected 0, 1 or an absolute path, found \"\(setting)\"")
                }
                return path
            }
            guard let state = stateDirectory else {
                throw NoHistoryPath(
                    description:
                        "looking for the state directory: expected XDG_STATE_HOME or HOME to be an absolute path, found neither"
                )
            }
            return state.appending("history.sqlite")
        }
    }
}
