import Binfmt
import Evidence
public import Findings
import Sandbox
import SystemPackage

/// `assay host --fix`: applies one safe remedy.
public struct HostFix: Sendable {
    public var remedy: SafeRemedy
    /// How the command ended, and what it printed to standard error; nil if it succeeded.
    public var failure: String?
    /// How to take back its changes of the registry: commands for root, in their order.
    public var undo: [String] { operations.map(\.command) }
    private let operations: [HandlerOperation]

    /// Runs the remedy with sh(1), and compares the registry before and after.
    ///
    /// - Parameter path: the value of `PATH`; nil: the usual directories.
    public static func apply(_ remedy: SafeRemedy, path: String?) -> HostFix {
        let before = Registry.read()
        var launch = Launch(
            path: "/bin/sh", arguments: ["sh", "-c", remedy.command], venue: .direct, timeout: .seconds(60))
        launch.environment = ["PATH": path ?? "/usr/sbin:/usr/bin:/sbin:/bin"]
        let ended = Supervisor(jobs: 1).run(launch)
        var fix = HostFix(
            remedy: remedy, operations: RegistryDifference(before: before, after: Registry.read()).operations)
        if ended.reason != .exited(0) {
            let said = ended.errors.text.split(separator: "\n").joined(separator: "; ")
            fix.failure = ended.words + (said.isEmpty ? "" : ": \(said)")
        }
        return fix
    }

    /// Takes its changes back.
    ///
    /// - Returns: what could not be done, for people; nil if all was.
    public func takeBack() -> String? {
        for operation in operations {
            do { try operation.perform() } catch { return "\(error)" }
        }
        return nil
    }
}
