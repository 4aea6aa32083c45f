import Glibc
import Processes
import SystemPackage

/// A trial's private `BUILDX_CONFIG`, with links to the user's builders.
///
/// buildx writes a record of every build, the time of the last one and an identity into its configuration directory.
struct BuildxState {
    let directory: FilePath

    /// Linked from the user's directory: the builders, the current one, and the defaults. A trial only reads them.
    private static let shared = ["instances", "current", "defaults"]

    /// - Parameter work: private to the trial.
    init(_ work: FilePath) {
        directory = Self.directory(in: work)
        guard mkdir(directory.string, 0o700) == 0 else { return }
        let own = Self.users
        for name in Self.shared where access(own.appending(name).string, F_OK) == 0 {
            symlink(own.appending(name).string, directory.appending(name).string)
        }
    }

    static func directory(in work: FilePath) -> FilePath { work.appending("buildx") }

    /// The user's own, which is only read.
    static var users: FilePath {
        Tool.variable("BUILDX_CONFIG").map { FilePath($0) } ?? DockerEndpoint.directory.appending("buildx")
    }
}
