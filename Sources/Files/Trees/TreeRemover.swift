import CFiles
import Glibc
public import SystemPackage

/// Removes directory trees without following a symbolic link or crossing into another mount, however deep they are.
///
/// Whatever cannot be removed, the rest is, and the first failure is reported at the end. An error that may pass is
/// retried.
public enum TreeRemover {
    /// Removes what `path` names: a file, a link itself, or a directory with everything in it. A missing path is no
    /// error.
    ///
    /// - Throws: `TreeError`, naming what could not be removed first, and how much more. The rest of the tree is gone
    ///   by then.
    public static func removeTree(_ path: FilePath) throws(TreeError) {
        guard let name = path.lastComponent else {
            throw TreeError(path.string, expected: "a path with a last component", found: "none")
        }
        let parent = path.removingLastComponent()
        let opened = SystemError.persisting {
            (parent.isEmpty ? FilePath(".") : parent).withPlatformString { parent in
                open(parent, assay_path_only | O_DIRECTORY | O_CLOEXEC)
            }
        }
        guard opened >= 0 else {
            if errno == ENOENT, access(path.string, F_OK) != 0, errno == ENOENT { return }
            throw TreeError(path.string, doing: "open the directory it is in", errno: Errno(rawValue: errno))
        }
        let descriptor = OwnedDescriptor(opened)
        try removeTree(named: Array(name.string.utf8), in: descriptor.value, label: path.string)
    }

    /// Removes the entry `name` of the directory `descriptor`, as `removeTree(_:)` does.
    ///
    /// - Throws: `TreeError`.
    public static func removeTree(named name: [UInt8], in descriptor: Int32) throws(TreeError) {
        try removeTree(named: name, in: descriptor, label: String(decoding: name, as: UTF8.self))
    }

    /// Tries twice: an error may pass, and one that says "not there" may be wrong (a network file system, a filter).
    private static func removeTree(named name: [UInt8], in descriptor: Int32, label: String) throws(TreeError) {
        do { try attempt(name, in: descriptor, label: label) } catch {}
        var status = stat()
        let looked = CString.with(name) { fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) }
        if looked != 0, errno == ENOENT { return }
        try attempt(name, in: descriptor, label: label)
    }

    private static func attempt(_ name: [UInt8], in descriptor: Int32, label: String) throws(TreeError) {
        let unlinked = CString.with(name) { name in SystemError.persisting { unlinkat(descriptor, name, 0) } }
        guard unlinked != 0, errno != ENOENT else { return }
        // Walk a directory whatever error the kernel, or a system call filter, gave for unlinking it.
        let number = errno
        guard number == EISDIR || number == EPERM || isDirectory(name, in: descriptor) else {
            throw TreeError(label, doing: "remove it", errno: Errno(rawValue: number))
        }
        var walk = RemovalWalk(top: descriptor, name: name, label: label)
        walk.run()
        if let failure = walk.failure { throw failure }
    }

    private static func isDirectory(_ name: [UInt8], in descriptor: Int32) -> Bool {
        var status = stat()
        return CString.with(name) { fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0 && status.isDirectory
    }
}
