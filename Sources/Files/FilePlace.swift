import CFiles
public import Glibc
public import SystemPackage

/// Where a path named by the caller leads, and what is there. Opens only directories, so that nothing waits and no
/// device is touched.
public struct FilePlace: Sendable {
    /// What is there.
    public enum Found: Sendable {
        case absent
        /// `/dev/stdout`, `/dev/fd/N`: a descriptor of this process.
        case ownDescriptor(Int32)
        case something(stat)
    }

    /// As the caller named it.
    public let path: String
    public let directory: OwnedDescriptor
    public let name: [UInt8]
    public let found: Found
    /// The path without symbolic links.
    public let resolved: FilePath
    private let action: String

    /// - Parameters:
    ///   - action: what is being done, for errors: "writing the report to".
    ///   - making: the mode for making missing directories; nil: a missing directory is an error.
    /// - Throws: `FileError`.
    public init(_ path: FilePath, action: String, making: mode_t? = nil) throws(FileError) {
        guard !path.isEmpty else { throw FileError(action, "\"\"", errno: .noSuchFileOrDirectory) }
        (self.path, self.action) = (path.string, action)
        var walk = try PathWalk(path, action: action, rule: .links, making: making)
        name = try walk.last()
        directory = walk.current
        resolved = walk.resolved.appending(String(decoding: name, as: UTF8.self))
        var status = stat()
        let text = String(decoding: name, as: UTF8.self)
        if let number = Int32(text), Self.isOwnDescriptors(directory) {
            found = .ownDescriptor(number)
        } else if CString.with(
            name,
            { [directory] in
                // The only links left are the kernel's own.
                fstatat(directory.value, $0, &status, assay_is_proc(directory.value) != 0 ? 0 : AT_SYMLINK_NOFOLLOW)
            }) == 0
        {
            found = .something(status)
        } else if errno == ENOENT {
            found = .absent
        } else {
            throw FileError(action, path.string, errno: Errno(rawValue: errno))
        }
    }

    /// Whether a directory is `/proc/self/fd`.
    private static func isOwnDescriptors(_ directory: OwnedDescriptor) -> Bool {
        guard assay_is_proc(directory.value) != 0, let found = directory.status,
            let own = OwnedDescriptor(opened: Glibc.open("/proc/self/fd", assay_path_only | O_DIRECTORY | O_CLOEXEC)),
            let status = own.status
        else { return false }
        return found.st_ino == status.st_ino && found.st_dev == status.st_dev
    }

    /// Opens what is there, and checks that it is still the same. Never waits, creates nothing, follows nothing.
    ///
    /// - Throws: `FileError`.
    public func open(_ flags: Int32) throws(FileError) -> OwnedDescriptor {
        let follows = assay_is_proc(directory.value) != 0
        let all = flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (follows ? 0 : O_NOFOLLOW)
        guard
            let opened = OwnedDescriptor(
                opened: CString.with(name) { name in SystemError.retrying { openat(directory.value, name, all) } })
        else { throw FileError(action, path, errno: Errno(rawValue: errno)) }
        guard case .something(let before) = found, let now = opened.status, before.st_ino == now.st_ino,
            before.st_dev == now.st_dev
        else { throw FileError(action, path, expected: "what was there a moment ago", found: "something else") }
        return opened
    }

    /// Creates the file.
    ///
    /// - Throws: `FileError`, also if something is there by now.
    public func create(_ flags: Int32, mode: mode_t) throws(FileError) -> OwnedDescriptor {
        let all = flags | O_CREAT | O_EXCL | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let opened = CString.with(name) { name in SystemError.retrying { openat(directory.value, name, all, mode) } }
        guard let file = OwnedDescriptor(opened: opened) else {
            throw FileError(action, path, errno: Errno(rawValue: errno))
        }
        return file
    }

    /// Why writing there is refused; nil if it is not.
    ///
    /// Refuses another user's pipe or device in a directory in which everybody may write, as the kernel's
    /// `protected_fifos` does, and all block devices, sockets and directories.
    public func refusal(for action: String) -> FileError? {
        guard case .something(let status) = found, !status.isRegular else { return nil }
        if status.isPipe || status.isCharacterDevice {
            guard directory.status?.isOpenToAll == true, !Trust.isTrusted(status.st_uid) else { return nil }
            return FileError(
                action, path, expected: "no pipe or device of another user in a directory in which everybody may write",
                found: "\(status.kind) of user \(status.st_uid)")
        }
        return FileError(action, path, expected: "a file, a pipe or a character device", found: status.kind)
    }
}
