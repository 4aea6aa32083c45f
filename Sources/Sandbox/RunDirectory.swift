public import Files
import Glibc
import Synchronization
public import SystemPackage

/// The directory of a run, which tells whether the run still lives.
public enum RunDirectory {
    /// Names of runs' directories begin so. One without a lock belongs to nobody who lives.
    public static let prefix = "assay-run-"
    private static let keptMark = ".assay-kept"

    /// The directories that this process has claimed, the newest last.
    private static let claimed = Mutex<[(path: FilePath, lock: DirectoryLock)]>([])

    /// A directory of this run, which belongs to it as long as this process lives, and the monitors that it has started.
    ///
    /// Who clears away may remove the directory before it is locked; then another one is made. Where there are no such locks it is marked as kept, so that no other run
    /// removes it: nothing is lost but what a SIGKILL leaves.
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

    /// The directory itself cannot be used, whoever asks next.
    private static func isUnusable(_ failure: CallFailure) -> Bool {
        let errors: [Errno] = [
            .noSuchFileOrDirectory, .notDirectory, .readOnlyFileSystem, .permissionDenied, .notPermitted, .noSpace,
        ]
        return errors.contains(failure.errno)
    }

    /// The same below a directory.
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
            // Somebody is removing it.
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
            // A child that can have locks there must not take it for a dead run's.
            if let lock { claimed.withLock { $0.append((made, lock)) } } else { mark(made) }
            return made
        }
        throw CallFailure("flock", .resourceTemporarilyUnavailable)
    }

    /// Whether as many files may be opened as the lock, and removing the directory, take: with fewer nothing is made that could only stay.
    private static func checkDescriptors() throws {
        var held: [Int32] = []
        defer { for descriptor in held { close(descriptor) } }
        for _ in 0..<5 {
            let descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
            if descriptor < 0 && errno != EBADF {
                throw CallFailure("fcntl (F_DUPFD, for one of 5 more files: see ulimit -n)", Errno(rawValue: errno))
            }
            if descriptor >= 0 { held.append(descriptor) }
        }
    }

    /// The lock that monitors hold, too; -1 where nothing is claimed.
    static var lease: Int32 { claimed.withLock { $0.last?.lock.descriptor ?? -1 } }

    /// The run that this process is in, for names.
    static var run: FilePath? { claimed.withLock { $0.last?.path } }

    /// Lets go of a directory that has been removed.
    public static func disclaim(_ directory: FilePath) {
        let locks = claimed.withLock { claimed in
            let locks = claimed.filter { $0.path == directory }.map(\.lock)
            claimed.removeAll { $0.path == directory }
            return locks
        }
        for lock in locks { lock.release() }
    }

    /// Lets a directory stay that somebody wants to look at.
    public static func keep(_ directory: FilePath) {
        mark(directory)
        disclaim(directory)
    }

    private static func mark(_ directory: FilePath) {
        let file = open(directory.appending(keptMark).string, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if file >= 0 { close(file) }
    }

    /// The lock of a run's directory that belongs to nobody who lives, neither its process nor a monitor; nil for any other. Release it when the
    /// directory is removed.
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
