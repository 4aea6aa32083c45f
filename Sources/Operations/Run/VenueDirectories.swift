import Archive
import Files
import Glibc
import SystemPackage

/// What a venue and an image's configuration need to be there in an unpacked image.
enum VenueDirectories {
    /// Where the venue mounts things; images made from nothing do not have them.
    private static let mountPoints = ["proc", "dev"]

    /// Makes the mount points, `/tmp` and the working directory where they are missing, as runtimes do.
    ///
    /// - Parameter owners: whose root owns what is made; nil: the caller.
    /// - Returns: the working directory as seen below the root; nil for the root itself.
    /// - Throws: `ArchiveError`, also where a mount point is something else.
    static func prepare(_ root: FilePath, workingDirectory: String?, owners: OwnerRange?) throws(ArchiveError)
        -> FilePath?
    {
        let directory = try RootedDirectory(root)
        for name in mountPoints { try directory.makeDirectories(path(name), mayFollowLinks: false, owners: owners) }
        try makeTemporary(root.appending("tmp"), owners)
        guard let workingDirectory, !workingDirectory.isEmpty, workingDirectory != "/" else { return nil }
        let relative = workingDirectory.drop { $0 == "/" }
        guard !relative.isEmpty else { return nil }
        try directory.makeDirectories(path(String(relative)), mayFollowLinks: true, owners: owners)
        return FilePath("/" + relative)
    }

    /// What the image has there stays as it is, a link too.
    private static func makeTemporary(_ path: FilePath, _ owners: OwnerRange?) throws(ArchiveError) {
        func open() -> Bool {
            chmod(path.string, 0o1777) == 0 && owners.map { chown(path.string, $0.user, $0.group) == 0 } ?? true
        }
        if mkdir(path.string, 0o700) == 0 ? open() : errno == EEXIST { return }
        throw ArchiveError(
            .io, archive: "the image's root", expected: "a directory \(path)", found: "\(Errno(rawValue: errno))")
    }

    private static func path(_ text: String) throws(ArchiveError) -> EntryPath {
        do {
            return try EntryPath(text.utf8)
        } catch {
            throw ArchiveError(
                .unsafePath, archive: "the image's working directory", expected: "a path without \"..\"", found: text)
        }
    }
}
