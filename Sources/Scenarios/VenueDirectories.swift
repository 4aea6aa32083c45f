import Archive
import SystemPackage

/// What a venue and an image's configuration need to be there in an unpacked image.
enum VenueDirectories {
    /// Where the venue mounts things; images made from nothing do not have them.
    private static let mountPoints = ["proc", "dev", "tmp"]

    /// Makes the mount points and the working directory where they are missing, as runtimes do.
    ///
    /// - Returns: the working directory as seen below the root; nil for the root itself.
    /// - Throws: `ArchiveError`, also where a mount point is something else.
    static func prepare(_ root: FilePath, workingDirectory: String?) throws(ArchiveError) -> FilePath? {
        let directory = try RootedDirectory(root)
        for name in mountPoints { try directory.makeDirectories(path(name), mayFollowLinks: false) }
        guard let workingDirectory, !workingDirectory.isEmpty, workingDirectory != "/" else { return nil }
        let relative = workingDirectory.drop { $0 == "/" }
        guard !relative.isEmpty else { return nil }
        try directory.makeDirectories(path(String(relative)), mayFollowLinks: true)
        return FilePath("/" + relative)
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
