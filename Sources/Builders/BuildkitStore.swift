import Processes
import Sandbox

/// What builds leave in a BuildKit daemon, seen through a `buildctl`: cache records, and a record of each build.
struct BuildkitStore {
    let runner: ToolRunner
    /// A launch of `buildctl` with these words.
    let launch: ([String]) -> Launch

    /// Ids of all records of the cache; nil when the daemon does not say.
    var records: Set<String>? { (try? recordsNow()).map { Set($0.keys) } }

    private func recordsNow() throws(NoAnswer) -> [String: Bool] {
        CacheSweep.records(try text(["du", "--format", "{{range .}}\(CacheSweep.template){{end}}"]))
    }

    /// Removes the cache records that are not in `before`.
    ///
    /// - Parameter wasCancelled: a build was given up: the daemon goes on with it for a moment.
    /// - Throws: `NoAnswer` when the daemon does not say what it holds.
    func remove(before: Set<String>, wasCancelled: Bool) throws(NoAnswer) -> LeftBehind {
        var sweep = CacheSweep(before: before, wasCancelled: wasCancelled)
        let failures = try sweep.untilClean(of: "records of buildkitd's cache") { sweep throws(NoAnswer) in
            let left = sweep.left(of: try recordsNow())
            guard !left.isEmpty else { return CacheSweep.Pass(isClean: true, failures: []) }
            let filter = "id~=\(CacheSweep.expression(left))"
            return runner.prune(launch(["prune", "--all", "--filter", filter]), left)
        }
        return LeftBehind(failures: failures, held: sweep.held)
    }

    /// Deletes the records of builds with a label. BuildKit keeps 50: without this, the user's own would be pushed out.
    ///
    /// The records hold what a build asked for, its label too: <https://github.com/moby/buildkit/blob/master/api/services/control/control.proto>.
    func eraseHistory(of label: String) -> HistoryErasure {
        let key = "label:\(BuildRequest.labelKey)"
        let template = "{{with .Record}}{{.Ref}} {{index .FrontendAttrs \"\(key)\"}}{{end}}"
        let listed: String
        do throws(NoAnswer) {
            listed = try text(["debug", "histories", "--format", template])
        } catch {
            return .stays(reason: "buildctl before 0.12 cannot list them")
        }
        var own: Set<String> = []
        for line in listed.split(separator: "\n") {
            let words: [Substring] = line.split(separator: " ")
            if words.count == 2, words[1].hasPrefix(label) { own.insert(String(words[0])) }
        }
        return erase(own.sorted())
    }

    /// Deletes the records with these references. One that is not there is no fault: its build never came to the daemon.
    func erase(_ references: [String]) -> HistoryErasure {
        let failures = references.compactMap { runner.clean(launch(["debug", "ctl", "--delete", $0])) }
            .filter { !$0.lowercased().contains("not found") }
        return failures.isEmpty ? .erased : .failed(failures)
    }

    private func text(_ words: [String]) throws(NoAnswer) -> String { try runner.text(launch(words)) }
}

/// What became of the records that a daemon keeps of builds.
public enum HistoryErasure: Sendable, Equatable {
    /// The daemon has none, or they are gone.
    case erased
    /// The tool cannot remove them.
    case stays(reason: String)
    /// It can, and did not.
    case failed([String])
}
