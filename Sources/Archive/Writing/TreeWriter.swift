import Files
import Glibc

/// Writes entries of archives below a directory. Each path is written once; only directories may repeat.
public final class TreeWriter {
    private struct PendingDirectory {
        var mode: UInt32
        var entry: ArchiveEntry?
    }

    private let root: RootedDirectory
    private let archive: String
    private let options: ExtractionOptions
    private var summary = ExtractionSummary()
    /// Directories get their modes and times last: writing into one needs permission, and changes its times.
    private var directories: [EntryPath: PendingDirectory] = [:]
    private var parent: (path: EntryPath, directory: OwnedDescriptor)?

    /// - Parameters:
    ///   - root: must be empty or trusted as a whole, since entries' paths may lead through what it holds.
    ///   - archive: the archive's name in errors.
    public init(_ root: RootedDirectory, archive: String, options: ExtractionOptions) {
        self.root = root
        self.archive = archive
        self.options = options
        directories[.root] = PendingDirectory(mode: 0o755)
    }

    /// Writes one entry, with the contents of the reader's current one. A hard link's target must have been written.
    ///
    /// - Throws: `ArchiveError` if the reader fails, if the path already exists, or if a system call fails.
    public func write(_ entry: ArchiveEntry, from reader: ArchiveReader) throws(ArchiveError) {
        switch entry.kind {
        case .special:
            summary.skippedSpecial += 1
        case .directory:
            try writeDirectory(entry)
        case .file:
            try writeFile(entry, from: reader)
        case .symbolicLink(let target):
            try writeSymbolicLink(entry, target: target)
        case .hardLink(let target):
            try writeHardLink(entry, target: target)
        }
    }

    /// Makes a directory without an entry, with mode 0755, and its missing parents.
    ///
    /// - Throws: `ArchiveError`.
    public func makeDirectory(_ path: EntryPath) throws(ArchiveError) { _ = try directory(path, for: path) }

    /// Gives directories their modes and times. Call it once, after the last entry.
    ///
    /// - Throws: `ArchiveError` if a mode, owner or time cannot be set.
    @discardableResult
    public func finish() throws(ArchiveError) -> ExtractionSummary {
        parent = nil
        // Longest first: a directory without search permission closes everything below it.
        for (path, pending) in directories.sorted(by: { $0.key.bytes.count > $1.key.bytes.count }) {
            guard let directory = root.openListing(path) else { throw failure(path, "open the directory") }
            let attributes = EntryAttributes(archive: archive, path: path, options: options)
            if let entry = pending.entry {
                try attributes.apply(entry, to: directory, summary: &summary)
            } else {
                let root = options.appliesOwners ? options.owners : nil
                if let root, fchown(directory.value, root.user, root.group) != 0 {
                    throw failure(path, "set the owner")
                }
                if fchmod(directory.value, mode_t(pending.mode)) != 0 { throw failure(path, "set the mode") }
            }
        }
        return summary
    }

    private func writeDirectory(_ entry: ArchiveEntry) throws(ArchiveError) {
        if !entry.path.isRoot { try createDirectory(entry.path) }
        if directories[entry.path]?.entry == nil { summary.directories += 1 }
        directories[entry.path] = PendingDirectory(mode: entry.mode, entry: entry)
    }

    /// Creates a directory, or accepts an existing one. A link to a directory does not count.
    private func createDirectory(_ path: EntryPath) throws(ArchiveError) {
        let parent = try directory(path.parent, for: path)
        guard CString.with(path.name, { mkdirat(parent.value, $0, 0o700) }) != 0 else { return }
        guard errno == EEXIST else { throw failure(path, "create the directory") }
        var status = stat()
        guard CString.with(path.name, { fstatat(parent.value, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 else {
            throw failure(path, "look at what is there already")
        }
        guard status.isDirectory else { throw duplicate(path) }
    }

    private func writeFile(_ entry: ArchiveEntry, from reader: ArchiveReader) throws(ArchiveError) {
        let parent = try directory(entry.path.parent, for: entry.path)
        let opened = CString.with(entry.path.name) { name in
            openat(parent.value, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        guard opened >= 0 else {
            throw errno == EEXIST ? duplicate(entry.path) : failure(entry.path, "create the file")
        }
        let file = OwnedDescriptor(opened)
        var end: UInt64 = 0
        while let part = try reader.nextPart() {
            try write(part.bytes, at: part.offset, to: file, of: entry)
            end = part.offset + UInt64(part.bytes.count)
        }
        if end < entry.size, ftruncate(opened, off_t(entry.size)) != 0 { throw failure(entry.path, "set the size") }
        try EntryAttributes(archive: archive, path: entry.path, options: options)
            .apply(entry, to: file, summary: &summary)
        summary.files += 1
        summary.bytes += entry.size
    }

    private func write(
        _ bytes: UnsafeRawBufferPointer, at offset: UInt64, to file: OwnedDescriptor, of entry: ArchiveEntry
    ) throws(ArchiveError) {
        guard offset <= entry.size, UInt64(bytes.count) <= entry.size - offset else {
            throw ArchiveError(
                .corrupt, archive: archive, entry: entry.path.description, expected: "\(entry.size) bytes",
                found: "contents beyond them")
        }
        var rest = bytes
        var position = off_t(offset)
        while !rest.isEmpty {
            let count = SystemError.retrying { pwrite(file.value, rest.baseAddress, rest.count, position) }
            guard count > 0 else { throw failure(entry.path, "write \(rest.count) bytes") }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            position += off_t(count)
        }
    }

    private func writeSymbolicLink(_ entry: ArchiveEntry, target: [UInt8]) throws(ArchiveError) {
        let parent = try directory(entry.path.parent, for: entry.path)
        let made = CString.with(entry.path.name) { name in
            CString.with(target) { symlinkat($0, parent.value, name) }
        }
        guard made == 0 else {
            throw errno == EEXIST ? duplicate(entry.path) : failure(entry.path, "create the symbolic link")
        }
        try EntryAttributes(archive: archive, path: entry.path, options: options).apply(entry, toLinkIn: parent)
        summary.symbolicLinks += 1
    }

    /// The root is new or trusted, so the target cannot lead to anything foreign.
    private func writeHardLink(_ entry: ArchiveEntry, target: EntryPath) throws(ArchiveError) {
        guard !target.isRoot, let source = root.openDirectory(target.parent) else { throw missing(target, of: entry) }
        var status = stat()
        guard CString.with(target.name, { fstatat(source.value, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0,
            !status.isDirectory
        else { throw missing(target, of: entry) }
        let parent = try directory(entry.path.parent, for: entry.path)
        let made = CString.with(target.name) { target in
            CString.with(entry.path.name) { name in linkat(source.value, target, parent.value, name, 0) }
        }
        guard made == 0 else {
            throw errno == EEXIST ? duplicate(entry.path) : failure(entry.path, "create the hard link")
        }
        summary.hardLinks += 1
    }

    /// Opens a directory, and creates it and its parents if missing.
    private func directory(_ path: EntryPath, for entry: EntryPath) throws(ArchiveError) -> OwnedDescriptor {
        if let parent, parent.path == path { return parent.directory }
        if let directory = root.openDirectory(path) {
            parent = (path, directory)
            return directory
        }
        guard errno == ENOENT, !path.isRoot else { throw failure(entry, "open the directory \(path)") }
        try createDirectory(path)
        if directories[path] == nil { directories[path] = PendingDirectory(mode: 0o755) }
        guard let directory = root.openDirectory(path) else { throw failure(entry, "open the directory \(path)") }
        parent = (path, directory)
        return directory
    }

    private func failure(_ path: EntryPath, _ action: String) -> ArchiveError {
        let number = errno
        guard number != ENOTDIR, number != ELOOP, number != ENAMETOOLONG else {
            // The archive is at fault, not the host.
            return ArchiveError(
                .unsafePath, archive: archive, entry: path.description, expected: "a path through directories",
                found: SystemError.description(number))
        }
        return ArchiveError(archive: archive, entry: path.description, doing: action, errno: number)
    }

    private func duplicate(_ path: EntryPath) -> ArchiveError {
        ArchiveError(
            .duplicateEntry, archive: archive, entry: path.description, expected: "one entry of that name",
            found: "another")
    }

    private func missing(_ target: EntryPath, of entry: ArchiveEntry) -> ArchiveError {
        ArchiveError(
            .unsafePath, archive: archive, entry: entry.path.description,
            expected: "a hard link to an earlier file of the archive", found: "a link to \(target)")
    }
}
