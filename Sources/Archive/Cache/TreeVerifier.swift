import Glibc

/// Compares a directory tree with the archive that it was unpacked from.
///
/// Everything counts that a program in the tree could notice, but for times and owners: type, mode, size, link targets
/// and contents of each entry, and that there is nothing else.
struct TreeVerifier {
    /// A name in a directory. Directories are told by inode, since a link to one makes two paths of it.
    private struct Name: Hashable {
        let directory: ino_t
        let name: [UInt8]
    }

    private struct Directory {
        let descriptor: OwnedDescriptor
        let inode: ino_t
    }

    private let root: RootedDirectory
    private let options: ExtractionOptions
    private let buffer: UnsafeMutableRawBufferPointer
    private var names = Set<Name>()
    private var modes: [ino_t: UInt32] = [:]
    private var seen: Set<EntryPath> = []
    private var parent: (path: EntryPath, directory: Directory)?

    /// - Returns: nil when the tree is what the archive holds, otherwise the first difference.
    /// - Throws: what reading the archive throws.
    static func difference(
        between root: RootedDirectory, and source: any ByteSource, limits: ArchiveLimits, options: ExtractionOptions
    ) throws(ArchiveError) -> String? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 4096)
        defer { buffer.deallocate() }
        let bytes = try DecompressedSource(source, limits: limits)
        let reader = try ArchiveReader(bytes, limits: limits)
        var verifier = TreeVerifier(root: root, options: options, buffer: buffer)
        guard verifier.directory(.root) != nil else { return ".: cannot be opened" }
        while let entry = try reader.next() {
            if let difference = try verifier.difference(entry, reader) { return "\(entry.path): \(difference)" }
        }
        try bytes.drain()
        try source.drain()
        return verifier.unexpected()
    }

    private init(root: RootedDirectory, options: ExtractionOptions, buffer: UnsafeMutableRawBufferPointer) {
        self.root = root
        self.options = options
        self.buffer = buffer
    }

    private mutating func difference(_ entry: ArchiveEntry, _ reader: ArchiveReader) throws(ArchiveError) -> String? {
        let mode = options.keepsPrivileges ? entry.mode : entry.mode & ~0o6000
        if entry.kind == .special { return nil }
        if entry.kind == .directory {
            guard let directory = directory(entry.path) else { return "is not a directory" }
            modes[directory.inode] = mode
            return nil
        }
        guard let directory = directory(entry.path.parent), let status = status(entry.path.name, in: directory) else {
            return "is missing"
        }
        names.insert(Name(directory: directory.inode, name: Array(entry.path.name)))
        switch entry.kind {
        case .file:
            guard status.isRegular else { return "is not a file" }
            guard status.permissions == mode else { return "has mode 0\(String(status.permissions, radix: 8))" }
            guard UInt64(status.st_size) == entry.size else { return "has \(status.st_size) bytes" }
            return try contentsDiffer(entry, in: directory, reader) ? "has other contents" : nil
        case .symbolicLink(let target):
            return status.isSymbolicLink && isLink(entry.path, to: target, in: directory) ? nil : "is another link"
        case .hardLink(let target):
            let other = self.directory(target.parent).flatMap { self.status(target.name, in: $0) }
            return other?.st_ino == status.st_ino && other?.st_dev == status.st_dev ? nil : "is not a link to \(target)"
        case .directory, .special:
            return nil
        }
    }

    /// Opens a directory that the archive names, or that it implies by naming something in it.
    private mutating func directory(_ path: EntryPath) -> Directory? {
        if let parent, parent.path == path { return parent.directory }
        if !path.isRoot, !seen.contains(path) {
            guard let above = directory(path.parent), let status = status(path.name, in: above) else { return nil }
            names.insert(Name(directory: above.inode, name: Array(path.name)))
            if status.isDirectory, modes[status.st_ino] == nil { modes[status.st_ino] = 0o755 }
        }
        guard let descriptor = root.openDirectory(path), let status = descriptor.status else { return nil }
        if path.isRoot, modes[status.st_ino] == nil { modes[status.st_ino] = 0o755 }
        seen.insert(path)
        let directory = Directory(descriptor: descriptor, inode: status.st_ino)
        parent = (path, directory)
        return directory
    }

    private func status(_ name: some Collection<UInt8>, in directory: Directory) -> stat? {
        var status = stat()
        let found = CString.with(name) { fstatat(directory.descriptor.value, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0
        return found ? status : nil
    }

    private func isDirectory(_ name: [UInt8], in directory: Directory) -> Bool {
        status(name, in: directory)?.isDirectory == true
    }

    private func isLink(_ path: EntryPath, to target: [UInt8], in directory: Directory) -> Bool {
        guard let text = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return false }
        let count = CString.with(path.name) { readlinkat(directory.descriptor.value, $0, text, buffer.count) }
        return count == target.count && buffer[..<count].elementsEqual(target)
    }

    private func contentsDiffer(
        _ entry: ArchiveEntry, in directory: Directory, _ reader: ArchiveReader
    ) throws(ArchiveError) -> Bool {
        let opened = CString.with(entry.path.name) { name in
            openat(directory.descriptor.value, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        }
        guard opened >= 0 else { return true }
        let file = OwnedDescriptor(opened)
        let contents = reader.contents(of: entry)
        while true {
            var chunk = try contents.nextChunk()
            if chunk.isEmpty { return false }
            while !chunk.isEmpty {
                let wanted = min(chunk.count, buffer.count)
                let count = SystemError.retrying { read(file.value, buffer.baseAddress, wanted) }
                guard count > 0, let read = buffer.baseAddress, let wanted = chunk.baseAddress,
                    memcmp(read, wanted, count) == 0
                else { return true }
                chunk = UnsafeRawBufferPointer(rebasing: chunk[count...])
            }
        }
    }

    /// Looks through the tree for what the archive does not have, and for directories with other modes.
    private func unexpected() -> String? {
        var pending: [EntryPath] = [.root]
        while let path = pending.popLast() {
            guard let descriptor = root.openListing(path), let status = descriptor.status else {
                return "\(path): cannot be listed"
            }
            guard status.permissions == modes[status.st_ino] else {
                return "\(path): has mode 0\(String(status.permissions, radix: 8))"
            }
            let directory = Directory(descriptor: descriptor, inode: status.st_ino)
            let listing = DirectoryListing(descriptor)
            do throws(ListingError) {
                while let entry = try listing.next() {
                    guard names.contains(Name(directory: directory.inode, name: entry.name)),
                        let child = try? path.appending(entry.name)
                    else { return "\(path)/\(String(decoding: entry.name, as: UTF8.self)): is not in the archive" }
                    guard entry.isDirectory || (entry.mayBeDirectory && isDirectory(entry.name, in: directory)) else {
                        continue
                    }
                    pending.append(child)
                }
            } catch {
                return "\(path): cannot be listed"
            }
        }
        return nil
    }
}
