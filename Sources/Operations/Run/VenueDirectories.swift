import Archive
import Files
import Glibc
import SystemPackage

/// Directories that a venue and an image's configuration need in an unpacked image.
enum VenueDirectories {
    /// The venue's mount points. Images made from scratch lack them.
    private static let mountPoints = ["proc", "dev"]

    /// Makes the mount points, `/tmp` and the working directory if missing, as runtimes do.
    ///
    /// - Parameter owners: the range whose root owns the new directories; nil: the caller.
    /// - Returns: the working directory's path inside the root; nil for the root itself.
    /// - Throws: `ArchiveError`, also if a mount point exists and is not a directory.
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

    /// Makes `/tmp` unless the image has anything there, even a link.
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
