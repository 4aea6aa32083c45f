import Glibc
import SystemPackage

/// Empties a tree with one directory open at a time, so that depth costs no descriptors. Going up, it checks that `..`
/// is the directory it came from.
struct RemovalWalk {
    private struct Level {
        var name: [UInt8]
        var device: dev_t
        var inode: ino_t
        var subdirectories: [[UInt8]]
        /// Something in it stays, so it must stay too.
        var stays = false
    }

    /// How often to empty a directory that is found full again: some file systems list less while things are removed,
    /// and a dying process may still write.
    private static let mostPasses = 4

    private let top: Int32
    private let name: [UInt8]
    private let label: String
    private var levels: [Level] = []
    private var first: TreeError?
    private var failures = 0
    /// How many more calls to try again after an error that may pass.
    private var retriesLeft = 32

    init(top: Int32, name: [UInt8], label: String) {
        self.top = top
        self.name = name
        self.label = label
    }

    /// The first failure; nil: everything was removed.
    var failure: TreeError? {
        guard var failure = first else { return nil }
        if failures > 1 { failure.found += ", and \(failures - 1) more" }
        return failure
    }

    mutating func run() {
        for pass in 1...Self.mostPasses {
            guard var current = descend(into: name, from: top) else { return }
            while let level = levels.last {
                if let next = level.subdirectories.last {
                    levels[levels.count - 1].subdirectories.removeLast()
                    if let below = descend(into: next, from: current.value) { current = below }
                    continue
                }
                levels.removeLast()
                guard let parent = levels.last else {
                    if level.stays { return }
                    break
                }
                guard let above = ascend(to: parent, from: current) else { return }
                current = above
                if level.stays {
                    levels[levels.count - 1].stays = true
                } else if !isRemoved(level.name, in: above.value) {
                    // The next pass empties it once more.
                    if errno != ENOTEMPTY || pass == Self.mostPasses { fail("remove the directory", level.name) }
                }
            }
            if isRemoved(name, in: top) { return }
            if errno != ENOTEMPTY || pass == Self.mostPasses { return fail("remove the directory", name) }
        }
    }

    /// - Returns: nil if the directory is gone already, or cannot be entered, which is noted.
    private mutating func descend(into name: [UInt8], from parent: Int32) -> OwnedDescriptor? {
        // An empty one need not be entered. This also finds mount points, whatever the kernel can say of mounts.
        if isRemoved(name, in: parent) { return nil }
        guard errno == ENOTEMPTY || errno == EEXIST || errno == EACCES || errno == EPERM else {
            fail("enter", name)
            return nil
        }
        guard let directory = enter(name, in: parent), let status = directory.status else {
            if errno != ENOENT { fail("enter", name) }
            return nil
        }
        levels.append(Level(name: name, device: status.st_dev, inode: status.st_ino, subdirectories: []))
        empty(directory)
        return directory
    }

    /// Retries a call after an error that may pass, but not for each of a hundred thousand files on a broken disk.
    private mutating func persisting(_ call: () -> Int32) -> Int32 {
        let result = SystemError.persisting(attempts: retriesLeft > 0 ? 6 : 1, call)
        if result == -1, SystemError.mayPass(errno) { retriesLeft -= 1 }
        return result
    }

    /// Opens a directory with the rights to empty it.
    private mutating func enter(_ name: [UInt8], in parent: Int32) -> OwnedDescriptor? {
        var opened: OwnedDescriptor?
        func attempt() -> Int32 {
            opened = RootedOpening.enter(name, in: parent)
            return opened == nil ? -1 : 0
        }
        if persisting(attempt) != 0, errno == EACCES {
            _ = CString.with(name) { fchmodat(parent, $0, 0o700, 0) }
            _ = persisting(attempt)
        }
        if let opened, let status = opened.status, status.permissions & 0o700 != 0o700 { fchmod(opened.value, 0o700) }
        return opened
    }

    /// - Returns: nil if `..` is not the directory it came from, which is noted.
    private mutating func ascend(to parent: Level, from current: OwnedDescriptor) -> OwnedDescriptor? {
        let opened = persisting {
            openat(current.value, "..", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        guard let directory = OwnedDescriptor(opened: opened) else {
            fail("go back up from", levels.last?.name ?? name)
            return nil
        }
        guard let status = directory.status, status.st_dev == parent.device, status.st_ino == parent.inode else {
            note(
                TreeError(
                    label, expected: "a tree that nobody moves while it is removed",
                    found: "another parent directory"))
            return nil
        }
        return directory
    }

    /// Removes everything but subdirectories, and notes those.
    private mutating func empty(_ directory: OwnedDescriptor) {
        let listing = DirectoryListing(directory)
        while true {
            let entry: DirectoryListing.Entry
            do throws(Errno) {
                guard let next = try listing.next() else { return }
                entry = next
            } catch {
                return note(TreeError(label, doing: "list a directory", errno: error))
            }
            let unlinked = persisting { CString.with(entry.name) { unlinkat(directory.value, $0, 0) } }
            if unlinked == 0 || errno == ENOENT { continue }
            if errno == EISDIR || errno == EPERM, entry.mayBeDirectory {
                levels[levels.count - 1].subdirectories.append(entry.name)
            } else {
                fail("remove", entry.name)
            }
        }
    }

    private mutating func isRemoved(_ name: [UInt8], in parent: Int32) -> Bool {
        let removed = persisting { CString.with(name) { unlinkat(parent, $0, AT_REMOVEDIR) } }
        return removed == 0 || errno == ENOENT
    }

    private mutating func fail(_ action: String, _ name: [UInt8]) {
        let action = "\(action) \(String(decoding: name, as: UTF8.self))"
        note(TreeError(label, doing: action, errno: Errno(rawValue: errno)))
    }

    private mutating func note(_ error: TreeError) {
        first = first ?? error
        failures += 1
        if !levels.isEmpty { levels[levels.count - 1].stays = true }
    }
}
