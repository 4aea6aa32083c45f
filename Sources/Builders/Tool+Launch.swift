import Evidence
import Processes
import Sandbox
import SystemPackage

extension Tool {
    /// Runs in the caller's environment.
    ///
    /// - Parameters:
    ///   - home: XDG and temporary directories are below it, to spare the user's.
    ///   - temporary: only the temporary directory is this one. Where XDG_RUNTIME_DIR is not set, buildah and podman keep
    ///     the state of a user's storage in TMPDIR, and leave it there.
    static func launch(
        _ program: FilePath, _ arguments: [String], timeout: Duration, home: FilePath? = nil,
        temporary: FilePath? = nil
    ) -> Launch {
        var launch = Launch(path: program, arguments: [program.string] + arguments, venue: .direct, timeout: timeout)
        launch.environment = environment
        // All of them are written in Go. They end before their garbage would count, and collecting it takes a sixth of their time.
        launch.environment["GOGC"] = variable("GOGC") ?? "400"
        launch.isForeign = true
        // The tool gives up a build in a daemon or a mount in its storage when it gets SIGTERM.
        launch.terminationGrace = .seconds(3)
        if let temporary { launch.environment["TMPDIR"] = temporary.string }
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
