import CArchive
import Glibc
import SystemPackage

/// Resolves a path while checking that no other user can change what it leads to.
///
/// Every directory on the way, those that symbolic links lead through included, must belong to root or to this user and
/// be writable by its owner only. In a directory with the sticky bit, such as `/tmp`, others may write, but only what
/// belongs to root or this user is walked through.
struct TrustedPath {
    /// The path without symbolic links.
    let resolved: FilePath
    let directory: OwnedDescriptor

    private static let mostLinks = 40
    /// The user that files of unmapped users seem to belong to inside a user namespace.
    private static let overflowUser: uid_t = 65534

    /// - Parameter path: an absolute path of a directory that exists.
    /// - Throws: `ArchiveError.Code.io`, naming the directory that is not to be trusted.
    init(_ path: FilePath) throws(ArchiveError) {
        var pending = Array(path.components.reversed().map(\.string))
        var walked: [(name: String, directory: OwnedDescriptor)] = []
        var links = 0
        let root = try Self.open("/", in: AT_FDCWD, of: path)
        try Self.check(root, named: "/")
        while let name = pending.popLast() {
            let current = walked.last?.directory ?? root
            if name == "." { continue }
            if name == ".." {
                _ = walked.popLast()
                continue
            }
            let place = Self.path(walked.map(\.name) + [name])
            if let target = try Self.linkTarget(name, in: current.value, place: place) {
                links += 1
                guard links <= Self.mostLinks else {
                    throw ArchiveError(archive: path.string, doing: "resolve it", errno: ELOOP)
                }
                if target.isAbsolute { walked = [] }
                pending += target.components.reversed().map(\.string)
                continue
            }
            let directory = try Self.open(name, in: current.value, of: place)
            try Self.check(directory, named: place.string)
            walked.append((name, directory))
        }
        resolved = Self.path(walked.map(\.name))
        directory = walked.last?.directory ?? root
    }

    private static func path(_ names: [String]) -> FilePath {
        FilePath("/" + names.joined(separator: "/"))
    }

    private static func open(_ name: String, in parent: Int32, of path: FilePath) throws(ArchiveError)
        -> OwnedDescriptor
    {
        let opened = openat(parent, name, assay_o_path | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else { throw ArchiveError(archive: path.string, doing: "open the directory", errno: errno) }
        return OwnedDescriptor(opened)
    }

    private static func linkTarget(_ name: String, in parent: Int32, place: FilePath) throws(ArchiveError) -> FilePath?
    {
        var status = stat()
        guard fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw ArchiveError(archive: place.string, doing: "look at it", errno: errno)
        }
        guard status.isSymbolicLink else { return nil }
        guard isTrusted(status.st_uid) else { throw owned(place.string, by: status.st_uid) }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { buffer in
            guard let text = buffer.baseAddress else { return nil }
            let count = readlinkat(parent, name, text, buffer.count - 1)
            guard count > 0 else { return nil }
            buffer[count] = 0
            return FilePath(platformString: text)
        }
    }

    private static func check(_ directory: OwnedDescriptor, named name: String) throws(ArchiveError) {
        guard let status = directory.status else {
            throw ArchiveError(archive: name, doing: "look at it", errno: errno)
        }
        guard isTrusted(status.st_uid) else { throw owned(name, by: status.st_uid) }
        guard status.permissions & 0o022 == 0 || status.permissions & 0o1000 != 0 else {
            throw ArchiveError(
                .io, archive: name, expected: "a directory that no other user can write to",
                found: "mode 0\(String(status.permissions, radix: 8))")
        }
    }

    private static func isTrusted(_ owner: uid_t) -> Bool {
        owner == 0 || owner == geteuid() || (owner == overflowUser && isInsideUserNamespace)
    }

    /// Inside a user namespace the host's root may be one of the users that cannot be told apart.
    private static let isInsideUserNamespace: Bool = {
        let descriptor = Glibc.open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        let source = DescriptorSource(
            OwnedDescriptor(descriptor), name: "/proc/self/uid_map", chunkSize: 4096)
        guard let map = try? source.readAll(limit: 4096) else { return false }
        let fields = map.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
            .map { String(decoding: $0, as: UTF8.self) }
        return fields != ["0", "0", "4294967295"]
    }()

    private static func owned(_ name: String, by owner: uid_t) -> ArchiveError {
        ArchiveError(
            .io, archive: name, expected: "a directory that belongs to root or to user \(geteuid())",
            found: "one that belongs to user \(owner)")
    }
}
