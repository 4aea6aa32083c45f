import CArchive
import Glibc
public import SystemPackage

/// Removes directory trees without following a symbolic link or crossing into another mount, however deep they are.
public enum TreeRemover {
    private static let resolveNoCrossing: UInt64 = 0x01 | 0x02 | 0x04

    /// Removes what `path` names: a file, a link itself, or a directory with everything in it. What is not there is
    /// removed already.
    ///
    /// - Throws: `ArchiveError.Code.io`, naming what could not be removed. The rest of the tree may be gone by then.
    public static func removeTree(_ path: FilePath) throws(ArchiveError) {
        guard let name = path.lastComponent else {
            throw ArchiveError(.io, archive: path.string, expected: "a path with a last component", found: "none")
        }
        let parent = path.removingLastComponent()
        let opened = (parent.isEmpty ? FilePath(".") : parent).withPlatformString { parent in
            open(parent, assay_o_path | O_DIRECTORY | O_CLOEXEC)
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
        guard !CString.with(name, { unlinkat(descriptor, $0, 0) == 0 || errno == ENOENT }) else { return }
        guard errno == EISDIR || errno == EPERM else {
            throw ArchiveError(archive: label, doing: "remove it", errno: errno)
        }
        var walk = RemovalWalk(top: descriptor, name: name, label: label)
        try walk.run()
    }

    /// Opens a directory below another, refusing links and mount points, with the rights to empty it.
    fileprivate static func enter(_ name: [UInt8], in descriptor: Int32) -> OwnedDescriptor? {
        let flags = UInt64(O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        func attempt() -> Int32 {
            CString.with(name) { assay_openat2(descriptor, $0, flags, 0, resolveNoCrossing) }
        }
        var opened = attempt()
        if opened < 0, errno == EACCES {
            _ = CString.with(name) { fchmodat(descriptor, $0, 0o700, 0) }
            opened = attempt()
        }
        guard opened >= 0 else { return nil }
        let directory = OwnedDescriptor(opened)
        if let status = directory.status, status.permissions & 0o700 != 0o700 { fchmod(opened, 0o700) }
        return directory
    }
}

/// A walk that holds one directory open at a time, so that depth costs no descriptors. Going up, it checks that `..`
/// is the directory it came from.
private struct RemovalWalk {
    private struct Level {
        var name: [UInt8]
        var device: dev_t
        var inode: ino_t
        var subdirectories: [[UInt8]]
    }

    let top: Int32
    let name: [UInt8]
    let label: String
    private var levels: [Level] = []

    init(top: Int32, name: [UInt8], label: String) {
        self.top = top
        self.name = name
        self.label = label
    }

    mutating func run() throws(ArchiveError) {
        var current = try descend(into: name, from: top)
        while let level = levels.last {
            if let next = level.subdirectories.last {
                levels[levels.count - 1].subdirectories.removeLast()
                current = try descend(into: next, from: current.value)
                continue
            }
            levels.removeLast()
            guard let parent = levels.last else { break }
            current = try ascend(to: parent, from: current)
            try removeDirectory(level.name, in: current.value)
        }
        try removeDirectory(name, in: top)
    }

    private mutating func descend(into name: [UInt8], from parent: Int32) throws(ArchiveError) -> OwnedDescriptor {
        guard let directory = TreeRemover.enter(name, in: parent), let status = directory.status else {
            throw failure("enter \(String(decoding: name, as: UTF8.self))")
        }
        let subdirectories = try empty(directory)
        levels.append(
            Level(name: name, device: status.st_dev, inode: status.st_ino, subdirectories: subdirectories))
        return directory
    }

    private func ascend(to parent: Level, from current: OwnedDescriptor) throws(ArchiveError) -> OwnedDescriptor {
        let opened = openat(current.value, "..", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else { throw failure("go back up") }
        let directory = OwnedDescriptor(opened)
        guard let status = directory.status, status.st_dev == parent.device, status.st_ino == parent.inode else {
            throw ArchiveError(
                .io, archive: label, expected: "a tree that nobody moves while it is removed",
                found: "another parent directory")
        }
        return directory
    }

    private func empty(_ directory: OwnedDescriptor) throws(ArchiveError) -> [[UInt8]] {
        var subdirectories: [[UInt8]] = []
        let listing = DirectoryListing(directory)
        while let entry = try next(of: listing) {
            if CString.with(entry.name, { unlinkat(directory.value, $0, 0) }) == 0 || errno == ENOENT { continue }
            guard errno == EISDIR || errno == EPERM, entry.mayBeDirectory else {
                throw failure("remove \(String(decoding: entry.name, as: UTF8.self))")
            }
            subdirectories.append(entry.name)
        }
        return subdirectories
    }

    private func next(of listing: DirectoryListing) throws(ArchiveError) -> DirectoryListing.Entry? {
        do throws(ListingError) {
            return try listing.next()
        } catch {
            throw ArchiveError(archive: label, doing: "list a directory", errno: error.number)
        }
    }

    private func removeDirectory(_ name: [UInt8], in parent: Int32) throws(ArchiveError) {
        guard CString.with(name, { unlinkat(parent, $0, AT_REMOVEDIR) == 0 || errno == ENOENT }) else {
            throw failure("remove the directory \(String(decoding: name, as: UTF8.self))")
        }
    }

    private func failure(_ action: String) -> ArchiveError {
        ArchiveError(archive: label, doing: action, errno: errno)
    }
}
