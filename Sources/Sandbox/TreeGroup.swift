import Files
import Glibc
import Synchronization
import SystemPackage

/// A cgroup that holds the processes of one launch. Even a process that leaves its parent, its session and its monitor
/// is still in it.
///
/// It lies below the cgroup of Assay: of version 2, else of the freezer of version 1. Root can make one, and a user to
/// whom a cgroup was delegated.
struct TreeGroup: Sendable {
    let directory: String
    /// A descriptor of `cgroup.procs`: the program writes itself there before it is executed.
    let processes: Int32
    /// Held while this process lives. If a group has no lock, its process was killed.
    private let lock: DirectoryLock

    private static let number = Atomic<Int>(0)

    /// Nil if no group can be made.
    init?() {
        let candidates =
            ControlGroups.hierarchies.filter { $0.controllers.isEmpty }
            + ControlGroups.hierarchies.filter { $0.controllers.contains("freezer") }
        let membership = candidates.isEmpty ? [] : ControlGroups.membership
        let run = RunDirectory.run
        let name =
            "\(run?.lastComponent?.string ?? "assay-\(getpid())")-tree-\(Self.number.add(1, ordering: .relaxed).newValue)"
        for candidate in candidates {
            guard let place = ControlGroups.directory(in: candidate, of: membership) else { continue }
            let group = "\(place)/\(name)"
            // Groups of this run are never abandoned: one that another thread makes now is not locked yet.
            Self.removeAbandoned(in: place, except: run?.lastComponent?.string ?? name)
            guard mkdir(group, 0o755) == 0 else { continue }
            let file = open("\(group)/cgroup.procs", O_WRONLY | O_CLOEXEC)
            if file >= 0, case .taken(let taken) = DirectoryLock.attempt(FilePath(group)) {
                (directory, processes, lock) = (group, file, taken)
                return
            }
            if file >= 0 { close(file) }
            rmdir(group)
        }
        return nil
    }

    /// Removes empty groups of killed runs. Their scratch directories may be gone, so nothing else names them.
    private static func removeAbandoned(in place: String, except own: String) {
        for name in ControlGroups.names(in: place)
        where name.hasPrefix(RunDirectory.prefix) && name.contains("-tree-") && !name.hasPrefix(own) {
            guard case .taken(let lock) = DirectoryLock.attempt(FilePath("\(place)/\(name)")) else { continue }
            rmdir("\(place)/\(name)")
            lock.release()
        }
    }

    func kill() { ControlGroups.kill(directory) }

    /// Kills all processes in the group, and removes it.
    ///
    /// - Returns: how many processes are left after that time.
    func end(within limit: Duration) -> Int {
        close(processes)
        defer { lock.release() }
        return ControlGroups.remove(directory, within: limit)
    }
}
