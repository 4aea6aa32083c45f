import Archive

/// The files of an artifact by their paths in it.
protocol ArtifactFiles: AnyObject {
    /// The file at a path; nil if there is none.
    func file(_ path: String) throws(ArchiveError) -> ArtifactFile?

    /// The first symbolic link on the way to a file that is not there; nil if there is none.
    func link(on path: String) -> SymbolicLinkEntry?

    /// Reads files that will be needed, several at once if possible.
    func prefetch(_ paths: [String])
}

/// The files of an artifact from a stream: all were read as they passed.
final class StreamedFiles: ArtifactFiles {
    private let files: [EntryPath: ArtifactFile]
    private let links: [EntryPath: EntryPath]
    private let targets: [EntryPath: [UInt8]]

    /// - Parameter targets: what symbolic links say.
    init(files: [EntryPath: ArtifactFile], links: [EntryPath: EntryPath], targets: [EntryPath: [UInt8]]) {
        self.targets = targets
        self.files = files
        self.links = links
    }

    func file(_ path: String) -> ArtifactFile? {
        guard var path = try? EntryPath(path.utf8) else { return nil }
        for _ in 0..<8 {
            if let file = files[path] { return file }
            guard let target = links[path] else { return nil }
            path = target
        }
        return nil
    }

    func link(on path: String) -> SymbolicLinkEntry? {
        (try? EntryPath(path.utf8)).flatMap { SymbolicLinkEntry(on: $0, in: targets) }
    }

    func prefetch(_ paths: [String]) {}
}
