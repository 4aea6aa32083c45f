import Glibc
public import SystemPackage

/// A directory that no other user can replace or redirect: every directory on the way, through symbolic links too,
/// belongs to root or this user and is writable by its owner only. Others may write to one with the sticky bit, such as
/// `/tmp`, but the way leads only through entries of root or this user.
public struct TrustedDirectory: Sendable {
    /// The path without symbolic links.
    public let path: FilePath
    public let descriptor: OwnedDescriptor

    /// Checks everything on the way before making anything in it.
    ///
    /// - Parameters:
    ///   - path: an absolute path.
    ///   - making: the mode for making missing directories; nil: a missing directory is an error.
    ///   - groupMayWrite: as with a umask of 002, where each user has a group of the same name.
    /// - Throws: `FileError`, naming the directory that is not trusted.
    public init(
        _ path: FilePath, action: String, making: CInterop.Mode? = nil, groupMayWrite: Bool = false
    ) throws(FileError) {
        guard path.isAbsolute else {
            throw FileError(action, path.string, expected: "an absolute path", found: "a relative one")
        }
        var walk = try PathWalk(path, action: action, rule: groupMayWrite ? .ownersAndGroup : .owners, making: making)
        try walk.finish()
        self.path = walk.resolved
        descriptor = walk.current
    }

    fileprivate init(_ walk: PathWalk) { (path, descriptor) = (walk.resolved, walk.current) }

    /// Reads a small file that belongs to this user and that nobody else may write to.
    ///
    /// - Returns: nil if there is no such file.
    public func ownText(_ name: String, limit: Int) -> [UInt8]? {
        guard let file = try? WholeFile.open(name, in: descriptor.value, kind: .regular, follows: false),
            let status = file.status, status.st_uid == geteuid(), status.permissions & 0o022 == 0
        else { return nil }
        return try? WholeFile.read(file, limit: limit)
    }

    /// Replaces a file in the directory: a reader sees the old file or the new one.
    ///
    /// - Throws: `FileError`.
    public func replace(_ name: String, with bytes: [UInt8], mode: CInterop.Mode) throws(FileError) {
        try FileReplacement(directory: descriptor, name: Array(name.utf8), place: path.appending(name).string)
            .write(bytes, mode: mode)
    }

    /// As `replace(_:with:mode:)`, but the file is on the disk when this returns, with this mode whatever the umask and
    /// the old file say.
    ///
    /// - Throws: `FileError`.
    public func replace(_ name: String, with bytes: [UInt8], exactMode: CInterop.Mode) throws(FileError) {
        try FileReplacement(directory: descriptor, name: Array(name.utf8), place: path.appending(name).string)
            .write(bytes, mode: exactMode, isExact: true, isDurable: true)
    }
}

/// A file in a directory in which nobody else may write, so that it is safe to open it by name. SQLite can only do
/// that, and makes files beside it.
public struct TrustedFile: Sendable {
    /// The path without symbolic links.
    public let path: FilePath
    /// Whether the file exists.
    public let exists: Bool

    /// - Parameters:
    ///   - path: absolute.
    ///   - making: the mode for making missing directories; nil: a missing directory is an error.
    /// - Throws: `FileError`; its `errno` is `noSuchFileOrDirectory` if a directory is missing.
    public init(_ path: FilePath, action: String, making: CInterop.Mode? = nil) throws(FileError) {
        var walk = try PathWalk(path, action: action, rule: .ownersAndGroup, making: making)
        let name = try walk.last()
        let directory = TrustedDirectory(walk)
        guard directory.descriptor.status?.isOpenToAll == false else {
            throw FileError(
                action, path.string, expected: "a directory in which not everybody may write",
                found: "\(directory.path)")
        }
        self.path = directory.path.appending(String(decoding: name, as: UTF8.self))
        var status = stat()
        exists = CString.with(name) { fstatat(directory.descriptor.value, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0
        guard exists else { return }
        guard status.isRegular else { throw FileError(action, path.string, expected: "a file", found: status.kind) }
        guard Trust.isTrusted(status.st_uid) else {
            throw FileError(
                action, path.string, expected: "a file of root's or of user \(geteuid())",
                found: "one of user \(status.st_uid)")
        }
    }
}
