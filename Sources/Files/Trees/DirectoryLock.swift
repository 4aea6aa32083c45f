import Glibc
public import SystemPackage

/// A lock on a directory itself, flock(2): it ends with the last process that holds it, however that ends. So a directory of a run that nobody has locked is a dead run's.
public struct DirectoryLock: Sendable {
    public let descriptor: Int32

    public enum Attempt: Sendable {
        case taken(DirectoryLock)
        /// Another process has it, or this one does, by another opening.
        case held
        /// There is no such directory of this user, or no longer.
        case gone
        /// The file system has no such locks (NFS): nobody can tell whether the directory is still used.
        case unsupported
        /// A call failed, which says nothing of the directory.
        case failed(call: String, errno: Int32)
    }

    /// Takes the lock, if it is free.
    public static func attempt(_ path: FilePath) -> Attempt {
        let opened = open(path.string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard opened >= 0 else {
            let passes = [EMFILE, ENFILE, ENOMEM, EIO, EINTR].contains(errno)
            return passes ? .failed(call: "openat", errno: errno) : .gone
        }
        let result = attempt(opened, path)
        if case .taken = result {} else { close(opened) }
        return result
    }

    private static func attempt(_ opened: Int32, _ path: FilePath) -> Attempt {
        var (own, there) = (stat(), stat())
        guard fstat(opened, &own) == 0 else { return .failed(call: "fstat", errno: errno) }
        guard own.st_uid == geteuid() else { return .gone }
        while flock(opened, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK: return .held
            // A run that took these for "no locks here" would be cleared away by the next one.
            case ENOMEM, EIO: return .failed(call: "flock", errno: errno)
            default: return .unsupported
            }
        }
        // Who clears away may have been faster than the lock.
        guard lstat(path.string, &there) == 0, there.st_dev == own.st_dev, there.st_ino == own.st_ino else {
            return .gone
        }
        return .taken(DirectoryLock(descriptor: opened))
    }

    public func release() { close(descriptor) }
}
