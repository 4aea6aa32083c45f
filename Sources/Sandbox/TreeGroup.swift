import Glibc
import Synchronization
import SystemPackage

/// A cgroup that holds one launch's processes together, wherever they go: what leaves its parent, its session and its monitor is still in it.
///
/// Below the group that Assay is in, of version 2, else of the freezer of version 1: where the caller may make one, root or an ordinary user to whom it was delegated.
struct TreeGroup: Sendable {
    private let directory: String
    /// The program writes itself there before it is executed.
    let processes: Int32

    private static let number = Atomic<Int>(0)

    /// nil where no group can be had.
    init?() {
        let candidates =
            ControlGroups.hierarchies.filter { $0.controllers.isEmpty }
            + ControlGroups.hierarchies.filter { $0.controllers.contains("freezer") }
        let membership = candidates.isEmpty ? [] : ControlGroups.membership
        let run = ScratchDirectory.run
        let name =
            "\(run?.lastComponent?.string ?? "assay-\(getpid())")-tree-\(Self.number.add(1, ordering: .relaxed).newValue)"
        for candidate in candidates {
            guard let place = ControlGroups.directory(in: candidate, of: membership) else { continue }
            let group = "\(place)/\(name)"
            guard mkdir(group, 0o755) == 0 else { continue }
            let file = open("\(group)/cgroup.procs", O_WRONLY | O_CLOEXEC)
            if file >= 0 {
                (directory, processes) = (group, file)
                return
            }
            rmdir(group)
        }
        return nil
    }

    func kill() { ControlGroups.kill(directory) }

    /// Kills what is left in it, and removes it.
    ///
    /// - Returns: how many processes are left after that time.
    func end(within limit: Duration) -> Int {
        close(processes)
        return ControlGroups.remove(directory, within: limit)
    }
}
