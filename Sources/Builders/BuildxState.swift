import Glibc
import Processes
import SystemPackage

/// buildx writes a record of every build, the time of the last one and an identity below the user's home. A trial has a directory of its own for them
/// (`BUILDX_CONFIG`), in which only the builders are the user's.
struct BuildxState {
    let directory: FilePath

    /// The user's builders, which one is in use, and the defaults: what a trial reads.
    private static let shared = ["instances", "current", "defaults"]

    /// - Parameter work: private to the trial.
    init(_ work: FilePath) {
        directory = work.appending("buildx")
        guard mkdir(directory.string, 0o700) == 0 else { return }
        let own = Tool.variable("BUILDX_CONFIG").map { FilePath($0) } ?? DockerEndpoint.directory.appending("buildx")
        for name in Self.shared where access(own.appending(name).string, F_OK) == 0 {
            symlink(own.appending(name).string, directory.appending(name).string)
        }
    }
}
