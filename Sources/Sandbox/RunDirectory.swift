public import Files
import Glibc
import Synchronization
public import SystemPackage

/// The directory of a run. A lock on it tells whether the run is alive.
public enum RunDirectory {
    /// The beginning of each run's directory's name. A directory without a lock belongs to a dead run.
    public static let prefix = "assay-run-"
    private static let keptMark = ".assay-kept"

    /// The directories that this process has claimed, newest last.
    private static let claimed = Mutex<[(path: FilePath, lock: DirectoryLock)]>([])

    /// Makes a directory for this run, and locks it while this process or one of its monitors lives.
    ///
    /// Another process that clears away may remove it before it is locked: then this makes another. If the file system
    /// has no locks, the directory is marked as kept, so that no other run removes it. Then only a SIGKILL leaves
    /// something behind.
    ///
    /// - Throws: `CallFailure`.
    public static func claim() throws -> FilePath {
        let parent = ScratchDirectory.parent
        do { return try claim(in: parent) } catch let failure as CallFailure
            where !ScratchDirectory.isNamed && isUnusable(failure)
        {
            for other in ScratchDirectory.others where other != parent {
                if let claimed = try? claim(in: other) { return claimed }
            }
            throw failure
        }
    }

    /// Whether the parent directory cannot be used at all, so that another should be tried.
    private static func isUnusable(_ failure: CallFailure) -> Bool {
        let errors: [Errno] = [
            .noSuchFileOrDirectory, .notDirectory, .readOnlyFileSystem, .permissionDenied, .notPermitted, .noSpace,
        ]
        return errors.contains(failure.errno)
    }

    /// Makes and locks a run's directory below another directory.
    ///
    /// - Throws: `CallFailure`.
    public static func claim(in directory: FilePath) throws -> FilePath {
        try checkDescriptors()
        for _ in 0..<256 {
            let made = try CallFailure.naming("mkdir") { try ScratchDirectory.make(in: directory, prefix: prefix) }
            let lock: DirectoryLock?
            switch DirectoryLock.attempt(made) {
            case .taken(let taken): lock = taken
            case .unsupported: lock = nil
            // Another process is removing it.
            case .held, .gone:
                rmdir(made.string)
                continue
            case .failed(let call, let number):
                rmdir(made.string)
                throw CallFailure("\(call) \(made)", Errno(rawValue: number))
            }
            do {
                try ControlGroups.note(in: made)
            } catch {
                try? TreeRemover.removeTree(made)
                lock?.release()
                throw error
            }
            // A child that finds working locks must not take this directory for a dead run's.
            if let lock { claimed.withLock { $0.append((made, lock)) } } else { mark(made) }
            return made
        }
        throw CallFailure("flock", .resourceTemporarilyUnavailable)
    }

    /// Checks that the process may open as many files as locking and removing a directory takes. With fewer, a
    /// directory could be made but never removed.
    ///
    /// - Throws: `CallFailure`.
    private static func checkDescriptors() throws {
        var held: [Int32] = []
        defer { for descriptor in held { close(descriptor) } }
        for _ in 0..<5 {
            let descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
            if descriptor < 0 && errno != EBADF {
                throw CallFailure("fcntl (F_DUPFD, for one of 5 more files)", Errno(rawValue: errno))
            }
            if descriptor >= 0 { held.append(descriptor) }
        }
    }

    /// The descriptor of the lock, which monitors hold too; -1 if nothing is claimed.
    static var lease: Int32 { claimed.withLock { $0.last?.lock.descriptor ?? -1 } }

    /// This process's newest directory, by which cgroups are named.
    public static var run: FilePath? { claimed.withLock { $0.last?.path } }

    /// Releases the lock of a directory that has been removed.
    public static func disclaim(_ directory: FilePath) {
        let locks = claimed.withLock { claimed in
            let locks = claimed.filter { $0.path == directory }.map(\.lock)
            claimed.removeAll { $0.path == directory }
            return locks
        }
        for lock in locks { lock.release() }
    }

    /// Leaves a directory for somebody to look at: no run removes it.
    public static func keep(_ directory: FilePath) {
        mark(directory)
        disclaim(directory)
    }

    private static func mark(_ directory: FilePath) {
        let file = open(directory.appending(keptMark).string, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if file >= 0 { close(file) }
    }

    /// The lock of a dead run's directory; nil if its process or a monitor is alive, if it is kept, or if it is not a
    /// run's. Release the lock once the directory is removed.
    public static func abandoned(_ directory: FilePath) -> DirectoryLock? {
        guard directory.lastComponent?.string.hasPrefix(prefix) == true,
            case .taken(let lock) = DirectoryLock.attempt(directory)
        else { return nil }
        var status = stat()
        guard lstat(directory.appending(keptMark).string, &status) != 0 else {
            lock.release()
            return nil
        }
        return lock
    }
}
