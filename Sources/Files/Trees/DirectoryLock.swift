import Glibc
public import SystemPackage

/// A flock(2) lock on a directory itself. It ends with the last process that holds it, however that ends: an unlocked
/// directory of a run belongs to a dead run.
public struct DirectoryLock: Sendable {
    /// The descriptor of the locked directory. A child that inherits it holds the lock too.
    public let descriptor: Int32

    public enum Attempt: Sendable {
        case taken(DirectoryLock)
        /// Another process holds it, or this one does through another descriptor.
        case held
        /// This user has no such directory, or no longer.
        case gone
        /// The file system has no such locks (NFS), so nobody can tell whether the directory is in use.
        case unsupported
        /// A call failed. That says nothing about the directory.
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
            // If these counted as "no locks here", another run would remove this one's directory.
            case ENOMEM, EIO: return .failed(call: "flock", errno: errno)
            default: return .unsupported
            }
        }
        // Another process may have removed the directory before the lock was taken.
        guard lstat(path.string, &there) == 0, there.st_dev == own.st_dev, there.st_ino == own.st_ino else {
            return .gone
        }
        return .taken(DirectoryLock(descriptor: opened))
    }

    public func release() { close(descriptor) }
}
