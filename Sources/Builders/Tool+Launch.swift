import Evidence
import Processes
import Sandbox
import SystemPackage

extension Tool {
    /// Runs in the caller's own environment, but for the directories where it would leave things in the user's home.
    static func launch(_ program: FilePath, _ arguments: [String], timeout: Duration, home: FilePath? = nil) -> Launch {
        var launch = Launch(path: program, arguments: [program.string] + arguments, venue: .direct, timeout: timeout)
        launch.environment = environment
        launch.isForeign = true
        // A build in a daemon, a mount in storage: the tool lets go of them when it is asked to end.
        launch.terminationGrace = .seconds(3)
        if let home {
            for (variable, directory) in [
                ("XDG_DATA_HOME", "data"), ("XDG_CACHE_HOME", "cache"), ("XDG_RUNTIME_DIR", "runtime"),
                ("TMPDIR", "tmp"),
            ] {
                launch.environment[variable] = home.appending(directory).string
            }
        }
        return launch
    }
}
