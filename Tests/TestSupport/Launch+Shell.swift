import Evidence
public import Sandbox
import SystemPackage

extension Launch {
    /// A shell script in the `direct` venue.
    public static func shell(_ script: String, timeout: Duration = .seconds(20)) -> Launch {
        var launch = Launch(path: "/bin/sh", arguments: ["sh", "-c", script], venue: .direct, timeout: timeout)
        launch.environment = ["PATH": "/usr/bin:/bin"]
        return launch
    }

    public func with(_ change: (inout Launch) -> Void) -> Launch {
        var launch = self
        change(&launch)
        return launch
    }
}

/// Runs one launch.
public func run(_ launch: Launch) -> Termination { Supervisor(jobs: 1).run(launch) }
