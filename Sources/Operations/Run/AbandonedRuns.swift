import Builders
import Files
import Glibc
import Sandbox
import SystemPackage

/// Removes what killed runs left behind. A failure is not an error of this run: the next run tries again.
enum AbandonedRuns {
    /// Limits for each start, so that no run spends too long on the leftovers of many.
    private static let most = (runs: 2000, time: Duration.seconds(2))
    /// How deep run directories nest: a step's process has its own below the run's.
    private static let levels = 3

    /// - Parameter scratch: this run's own directory.
    static func remove(beside scratch: FilePath) {
        MarkedTrial.removeAbandoned()
        let (parent, until) = (scratch.removingLastComponent(), ContinuousClock.now + most.time)
        var removed = 0
        for name in names(in: parent) where name.hasPrefix(RunDirectory.prefix) {
            let path = parent.appending(name)
            guard path != scratch, let lock = RunDirectory.abandoned(path) else { continue }
            defer { lock.release() }
            removed += 1
            // Most are empty: the run was killed right after making it.
            if rmdir(path.string) == 0 { continue }
            // Keep the directory while anything else of the run is left: it is the only record of the rest.
            guard release(run: path, levels) else { continue }
            try? TreeRemover.removeTree(path)
            if removed >= most.runs || ContinuousClock.now >= until { break }
        }
        guard removed > 0 else { return }
        removeDanglingLinks()
    }

    /// Releases what killed runs with directories below this one hold elsewhere.
    static func release(below directory: FilePath) { _ = release(directory, levels) }

    private static func release(run directory: FilePath, _ levels: Int) -> Bool {
        // Most were killed before they started anything.
        let names = names(in: directory).filter { $0 != "cgroups" }
        var isGone = true
        if !names.isEmpty {
            if names.contains(where: { $0.hasPrefix("oci-") }) { OCIBundle.release(below: directory) }
            BuilderTrial.release(below: directory, among: names)
            isGone = release(directory, levels - 1) && Mounts.release(below: directory)
        }
        return ControlGroups.release(run: directory) && isGone
    }

    /// Enters only directories with Assay's own names, never an image's tree.
    private static func release(_ directory: FilePath, _ levels: Int) -> Bool {
        guard levels > 0 else { return true }
        var isGone = true
        for name in names(in: directory) {
            let path = directory.appending(name)
            if name.hasPrefix(RunDirectory.prefix) {
                isGone = release(run: path, levels) && isGone
            } else if name.first?.isNumber == true {
                isGone = release(path, levels - 1) && isGone
            }
        }
        return isGone
    }

    /// Removes the short links that builders needed, if they lead into a run's directory that is gone.
    private static func removeDanglingLinks() {
        let place = FilePath("/tmp")
        for name in names(in: place) where name.hasPrefix("assay-") {
            let link = place.appending(name).string
            var status = stat()
            guard lstat(link, &status) == 0, status.isSymbolicLink, status.st_uid == geteuid(),
                let target = linkTarget(link).map({ String(decoding: $0, as: UTF8.self) }),
                target.contains("/\(RunDirectory.prefix)"), stat(link, &status) != 0, errno == ENOENT
            else { continue }
            unlink(link)
        }
    }

    private static func names(in place: FilePath) -> [String] {
        (try? DirectoryListing.names(in: place.string)) ?? []
    }
}
