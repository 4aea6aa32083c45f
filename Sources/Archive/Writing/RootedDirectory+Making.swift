public import Files
import Glibc

extension RootedDirectory {
    /// Makes a directory below the root, with its missing parents. An existing one stays as it is.
    ///
    /// - Parameters:
    ///   - mayFollowLinks: symbolic links to directories will do; they are resolved below the root.
    ///   - owners: the root of this range owns what is made; nil: the caller does.
    /// - Throws: `ArchiveError`.
    public func makeDirectories(
        _ path: EntryPath, mayFollowLinks: Bool, owners: OwnerRange? = nil
    ) throws(ArchiveError) {
        guard !path.isRoot else { return }
        try makeDirectories(path.parent, mayFollowLinks: mayFollowLinks, owners: owners)
        guard let parent = openDirectory(path.parent) else { throw refusal(path, errno) }
        if CString.with(path.name, { mkdirat(parent.value, $0, 0o755) }) == 0 {
            guard let owners else { return }
            guard
                CString.with(
                    path.name, { fchownat(parent.value, $0, owners.user, owners.group, AT_SYMLINK_NOFOLLOW) }) == 0
            else { throw refusal(path, errno) }
            return
        }
        guard errno == EEXIST else { throw refusal(path, errno) }
        if mayFollowLinks {
            guard openDirectory(path) != nil else { throw refusal(path, errno) }
        } else {
            var status = stat()
            guard CString.with(path.name, { fstatat(parent.value, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0,
                status.isDirectory
            else { throw refusal(path, ENOTDIR) }
        }
    }

    private func refusal(_ path: EntryPath, _ number: Int32) -> ArchiveError {
        ArchiveError(archive: "the unpacked image", entry: path.description, doing: "make the directory", errno: number)
    }
}
