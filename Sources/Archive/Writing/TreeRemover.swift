import CFiles
import Files
import Glibc
public import SystemPackage

/// Removes directory trees without following a symbolic link or crossing into another mount, however deep they are.
///
/// What cannot be removed keeps nothing else: the rest is, and the first failure is told at the end. A failure that may pass is tried again.
public enum TreeRemover {
    /// Removes what `path` names: a file, a link itself, or a directory with everything in it. What is not there is
    /// removed already.
    ///
    /// - Throws: `ArchiveError.Code.io`, naming what could not be removed first, and how much more. The rest of the tree is gone by then.
    public static func removeTree(_ path: FilePath) throws(ArchiveError) {
        guard let name = path.lastComponent else {
            throw ArchiveError(.io, archive: path.string, expected: "a path with a last component", found: "none")
        }
        let parent = path.removingLastComponent()
        let opened = SystemError.persisting {
            (parent.isEmpty ? FilePath(".") : parent).withPlatformString { parent in
                open(parent, assay_path_only | O_DIRECTORY | O_CLOEXEC)
            }
        }
        guard opened >= 0 else {
            if errno == ENOENT { return }
            throw ArchiveError(archive: path.string, doing: "open the directory it is in", errno: errno)
        }
        let descriptor = OwnedDescriptor(opened)
        try removeTree(named: Array(name.string.utf8), in: descriptor.value, label: path.string)
    }

    /// Removes the entry `name` of the directory `descriptor`, as `removeTree(_:)` does.
    public static func removeTree(named name: String, in descriptor: Int32) throws(ArchiveError) {
        try removeTree(named: Array(name.utf8), in: descriptor, label: name)
    }

    static func removeTree(named name: [UInt8], in descriptor: Int32, label: String) throws(ArchiveError) {
        let unlinked = CString.with(name) { name in SystemError.persisting { unlinkat(descriptor, name, 0) } }
        guard unlinked != 0, errno != ENOENT else { return }
        // A directory is walked whatever the kernel, or a filter of calls, says of unlinking it.
        let number = errno
        guard number == EISDIR || number == EPERM || isDirectory(name, in: descriptor) else {
            throw ArchiveError(archive: label, doing: "remove it", errno: number)
        }
        var walk = RemovalWalk(top: descriptor, name: name, label: label)
        walk.run()
        if let failure = walk.failure { throw failure }
    }

    private static func isDirectory(_ name: [UInt8], in descriptor: Int32) -> Bool {
        var status = stat()
        return CString.with(name) { fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0 && status.isDirectory
    }

    /// Removes what was written before a failure. What failed first is what the caller hears of, also where this fails too.
    static func removing(_ path: String, in directory: Int32, after error: ArchiveError) -> ArchiveError {
        do throws(ArchiveError) {
            if directory == AT_FDCWD {
                try removeTree(FilePath(path))
            } else {
                try removeTree(named: path, in: directory)
            }
            return error
        } catch let removal {
            var both = error
            both.found += "; what was written is still there: \(removal)"
            return both
        }
    }
}
