import Files
import Processes
import Sandbox
import SystemPackage

/// The records that a daemon keeps of what buildx had it build.
///
/// buildx notes each build's reference below its configuration, also of one that failed:
/// <https://github.com/docker/buildx/tree/master/localstate>. In a trial that is the trial's own.
struct BuildxHistory {
    /// The first buildx that can remove them.
    static let removableSince = "0.20"

    let work: FilePath

    /// References of this trial's builds. buildx before 0.11 notes none.
    var references: [String] {
        let refs = BuildxState.directory(in: work).appending("refs")
        var found: [String] = []
        for builder in names(refs) where builder != "__group__" {
            for node in names(refs.appending(builder)) {
                found += names(refs.appending(builder).appending(node))
            }
        }
        return found.sorted()
    }

    /// - Parameters:
    ///   - version: buildx's; nil if it is not known.
    ///   - launch: `docker buildx` with these words.
    func erase(_ version: String?, _ runner: ToolRunner, _ launch: ([String]) -> Launch) -> HistoryErasure {
        let references = references
        guard !references.isEmpty else { return .erased }
        if let version, Version.isOlder(version, than: Self.removableSince) {
            return .stays(reason: "buildx \(version) cannot remove them: \(Self.removableSince) is the first that can")
        }
        guard let failure = runner.clean(launch(["history", "rm"] + references)) else { return .erased }
        // The build never came to the daemon, or the daemon keeps no records.
        if ["not found", "no record"].contains(where: failure.lowercased().contains) { return .erased }
        // Daemons that keep records, and do not let them go, are not at fault for builds.
        return .stays(reason: failure)
    }

    private func names(_ directory: FilePath) -> [String] {
        (try? DirectoryListing.names(in: directory.string)) ?? []
    }
}
