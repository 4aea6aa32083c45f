import CFiles
import Glibc
import SystemPackage

/// Walks a path one component at a time, and checks everything that it leads through.
///
/// A symbolic link is followed only if it belongs to root or this user, and lies in no directory in which everybody may
/// write. This is the rule of the kernel's `protected_symlinks`, for intermediate components too, and without its
/// exceptions. Links in a proc file system are the kernel's own, and are followed by it (`/dev/stdout`, `/dev/fd/N` and
/// the shell's `>(…)` lead there).
struct PathWalk {
    /// What directories on the way must be.
    enum Rule {
        /// Anybody's: the caller named it.
        case links
        /// Root's or this user's, and writable by nobody else unless it has the sticky bit, as `/tmp` has.
        case owners
        /// As `owners`, but the group may write: with a umask of 002 each user has a group of the same name, which may
        /// write to all of the user's directories.
        case ownersAndGroup
    }

    private static let mostLinks = 40
    private static let (dot, dots) = ([UInt8(ascii: ".")], Array("..".utf8))
    private static let directoryFlags = assay_path_only | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    let action: String
    let path: String
    let rule: Rule
    /// The mode for making missing directories; nil: a missing directory is an error.
    let making: mode_t?
    private(set) var current: OwnedDescriptor
    private var pending: [[UInt8]]
    private var names: [[UInt8]] = []
    private var isAbsolute: Bool
    private var links = 0

    /// - Throws: `FileError`.
    init(_ path: FilePath, action: String, rule: Rule, making: mode_t?) throws(FileError) {
        (self.path, self.action, self.rule, self.making) = (path.string, action, rule, making)
        isAbsolute = path.isAbsolute
        pending = path.withPlatformString { text in
            Self.components(Array(UnsafeRawBufferPointer(start: text, count: CString.length(text)))).reversed()
        }
        let start = isAbsolute ? "/" : "."
        guard let opened = OwnedDescriptor(opened: open(start, Self.directoryFlags)) else {
            throw FileError(action, start, errno: Errno(rawValue: errno))
        }
        current = opened
        try check(current)
    }

    /// The directory's path, without symbolic links.
    var resolved: FilePath { FilePath(place()) }

    /// Walks to the end.
    mutating func finish() throws(FileError) {
        while let name = pending.popLast() { try step(name) }
    }

    /// Walks to the directory of the last component.
    ///
    /// - Returns: that component's name, which is no link except one of the kernel's own; `.` if the path ends in
    ///   another way.
    mutating func last() throws(FileError) -> [UInt8] {
        while let name = pending.popLast() {
            guard pending.isEmpty, name != Self.dot, name != Self.dots else {
                try step(name)
                continue
            }
            guard let found = look(name), let status = found.status, status.isSymbolicLink,
                assay_is_proc(found.value) == 0
            else { return name }
            try follow(found, status, name)
        }
        return Self.dot
    }

    private mutating func step(_ name: [UInt8]) throws(FileError) {
        if name == Self.dot { return }
        if name == Self.dots { return try goUp() }
        var found = look(name)
        if found == nil, errno == ENOENT, let making {
            guard CString.with(name, { mkdirat(current.value, $0, making) }) == 0 || errno == EEXIST else {
                throw failure("making the directory", name, errno)
            }
            found = look(name)
        }
        guard let found, let status = found.status else { throw failure(action, name, errno) }
        if status.isSymbolicLink { return try follow(found, status, name) }
        guard status.isDirectory else { throw failure(action, name, ENOTDIR) }
        names.append(name)
        current = found
        try check(found)
    }

    private mutating func goUp() throws(FileError) {
        guard let above = OwnedDescriptor(opened: openat(current.value, "..", Self.directoryFlags)) else {
            throw failure(action, Self.dots, errno)
        }
        if names.isEmpty || names.last == Self.dots {
            if !isAbsolute { names.append(Self.dots) }
        } else {
            names.removeLast()
        }
        current = above
        try check(above)
    }

    private func look(_ name: [UInt8]) -> OwnedDescriptor? {
        OwnedDescriptor(
            opened: CString.with(name) { openat(current.value, $0, assay_path_only | O_NOFOLLOW | O_CLOEXEC) })
    }

    private mutating func follow(_ link: OwnedDescriptor, _ status: stat, _ name: [UInt8]) throws(FileError) {
        links += 1
        guard links <= Self.mostLinks else { throw failure(action, name, ELOOP) }
        if assay_is_proc(link.value) != 0 {
            let opened = CString.with(name) { openat(current.value, $0, assay_path_only | O_DIRECTORY | O_CLOEXEC) }
            guard let target = OwnedDescriptor(opened: opened) else { throw failure(action, name, errno) }
            names.append(name)
            current = target
            return try check(target)
        }
        let place = place(name)
        guard Trust.isTrusted(status.st_uid) else {
            throw FileError(
                action, path, expected: "no symbolic link of another user on the way",
                found: "\(place), which belongs to user \(status.st_uid)")
        }
        guard current.status?.isOpenToAll == false else {
            throw FileError(
                action, path, expected: "no symbolic link in a directory in which everybody may write",
                found: "\(place)")
        }
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
            guard let start = buffer.baseAddress else { return [UInt8]() }
            let count = readlinkat(link.value, "", start, buffer.count)
            return buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }
        }
        guard !text.isEmpty else { throw failure(action, name, errno) }
        pending += Self.components(text).reversed()
        guard text.first == UInt8(ascii: "/") else { return }
        guard let root = OwnedDescriptor(opened: open("/", Self.directoryFlags)) else {
            throw failure(action, name, errno)
        }
        (current, names, isAbsolute) = (root, [], true)
        try check(root)
    }

    private func check(_ directory: OwnedDescriptor) throws(FileError) {
        guard rule != .links else { return }
        guard let status = directory.status else { throw FileError(action, place(), errno: Errno(rawValue: errno)) }
        guard Trust.isTrusted(status.st_uid) else {
            throw FileError(
                action, place(), expected: "a directory that belongs to root or to user \(geteuid())",
                found: "one that belongs to user \(status.st_uid)")
        }
        let others: UInt32 = rule == .owners ? 0o022 : 0o002
        guard status.permissions & others == 0 || status.permissions & 0o1000 != 0 else {
            throw FileError(
                action, place(), expected: "a directory that no other user can write to",
                found: "mode 0\(String(status.permissions, radix: 8))")
        }
    }

    private func failure(_ action: String, _ name: [UInt8], _ number: Int32) -> FileError {
        FileError(action, place(name), errno: Errno(rawValue: number))
    }

    private func place(_ name: [UInt8]? = nil) -> String {
        let parts = (names + [name].compactMap(\.self)).map { String(decoding: $0, as: UTF8.self) }
        let text = parts.joined(separator: "/")
        return isAbsolute ? "/" + text : text.isEmpty ? "." : text
    }

    private static func components(_ path: [UInt8]) -> [[UInt8]] {
        path.split(separator: UInt8(ascii: "/")).map(Array.init)
    }
}
