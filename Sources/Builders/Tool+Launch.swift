import Evidence
import Processes
import Sandbox
import SystemPackage

extension Tool {
    /// Runs in the caller's environment, but with XDG and temporary directories below `home`, to spare the user's.
    static func launch(_ program: FilePath, _ arguments: [String], timeout: Duration, home: FilePath? = nil) -> Launch {
        var launch = Launch(path: program, arguments: [program.string] + arguments, venue: .direct, timeout: timeout)
        launch.environment = environment
        // All of them are written in Go. They end before their garbage would count, and collecting it takes a sixth of their time.
        launch.environment["GOGC"] = variable("GOGC") ?? "400"
        launch.isForeign = true
        // The tool gives up a build in a daemon or a mount in its storage when it gets SIGTERM.
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
