import Archive

/// The files of an artifact that can be read in any order: a layout directory, or an archive with an index. Reads each
/// file once, when it is needed.
final class StoredFiles: ArtifactFiles {
    /// Opens a file.
    enum Store: Sendable {
        case directory(RootedDirectory)
        case archive(ArchiveIndex)

        func source(_ path: String) throws(ArchiveError) -> (any ByteSource)? {
            guard let entry = try? EntryPath(path.utf8), !entry.isRoot else { return nil }
            switch self {
            case .directory(let directory): return try directory.source(entry, name: path)
            case .archive(let index): return index.source(entry)
            }
        }
    }

    private let store: Store
    private let reader: ArtifactFileReader
    private var known: [String: Result<ArtifactFile?, ArchiveError>] = [:]

    init(_ store: Store, reader: ArtifactFileReader) {
        self.store = store
        self.reader = reader
    }

    func file(_ path: String) throws(ArchiveError) -> ArtifactFile? {
        if let result = known[path] { return try result.get() }
        let result = Self.read(path, from: store, by: reader)
        known[path] = result
        return try result.get()
    }

    func link(on path: String) -> SymbolicLinkEntry? {
        guard let entry = try? EntryPath(path.utf8), !entry.isRoot else { return nil }
        return switch store {
        case .directory(let directory): directory.link(on: entry)
        case .archive(let index): index.link(on: entry)
        }
    }

    func prefetch(_ paths: [String]) {
        let wanted = paths.filter { known[$0] == nil }
        let store = store
        var reader = reader
        // Few files get two threads each, many files one.
        reader.layers.overlaps = wanted.count < Workers.count
        // What is kept of ELF files is kept once for each layer that is read at the same time.
        reader.layers.keptBytes = ELFStream.usuallyKept
        let results = Workers.map(wanted) { [reader] path in Self.read(path, from: store, by: reader) }
        for (path, result) in zip(wanted, results) {
            guard case .success(let file) = result, let scan = file?.layer, scan.wasShort else {
                known[path] = result
                continue
            }
            // It needs more than that, and has it alone.
            self.reader.layers.forget(scan)
            known[path] = Self.read(path, from: store, by: self.reader)
        }
    }

    private static func read(
        _ path: String, from store: Store, by reader: ArtifactFileReader
    ) -> Result<ArtifactFile?, ArchiveError> {
        do throws(ArchiveError) {
            guard let source = try store.source(path) else { return .success(nil) }
            return .success(try reader.read(source, at: path))
        } catch {
            return .failure(error)
        }
    }
}
