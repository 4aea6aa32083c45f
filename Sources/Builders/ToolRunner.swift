import Processes
import Sandbox
public import SystemPackage

/// Runs a tool's commands one after the other, each with a time limit.
public struct ToolRunner: Sendable {
    let supervisor: Supervisor
    /// Private to this trial.
    public let work: FilePath

    /// - Returns: what it printed, when it ended with status 0.
    func answer(_ launch: Launch) -> String? {
        let ended = supervisor.run(launch)
        return ended.reason == .exited(0) ? ended.output.text : nil
    }

    /// The version that the program prints: `podman version 4.3.1`.
    func version(of program: FilePath) -> String? {
        answer(Tool.launch(program, ["--version"], timeout: .seconds(10))).flatMap { Version.third(of: $0) }
    }

    func run(_ launch: Launch) -> Termination { supervisor.run(launch) }

    /// Runs even after an interrupt.
    ///
    /// - Returns: nil when it ended with status 0, else what went wrong, on one line.
    func clean(_ launch: Launch) -> String? {
        do throws(NoAnswer) {
            _ = try text(launch)
            return nil
        } catch {
            return "\(launch.arguments.joined(separator: " ")): \(error.message)"
        }
    }

    /// What a command prints, even after an interrupt.
    ///
    /// - Throws: `NoAnswer` when it did not end with status 0.
    func text(_ launch: Launch) throws(NoAnswer) -> String {
        var launch = launch
        launch.cleansUp = true
        let ended = supervisor.run(launch)
        guard ended.reason == .exited(0) else { throw NoAnswer(message: ended.complaint) }
        return ended.output.text
    }

    /// Has records pruned, even after an interrupt.
    ///
    /// - Parameter ids: what is to go. Every tool prints the ids of what went: those that it names need no second look.
    func prune(_ launch: Launch, _ ids: Set<String>) -> CacheSweep.Pass {
        do throws(NoAnswer) {
            let gone = Set(try text(launch).split { " \t\n*".contains($0) }.map(String.init))
            return CacheSweep.Pass(isClean: ids.isSubset(of: gone), failures: [])
        } catch {
            let words = launch.arguments.joined(separator: " ")
            return CacheSweep.Pass(isClean: false, failures: ["\(words): \(error.message)"])
        }
    }
}

extension Termination {
    /// What a tool said went wrong; of one that never answered, that it did not.
    var trouble: String { reason == .timedOut ? words : errors.text }
}
