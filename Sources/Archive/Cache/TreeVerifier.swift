import CArchive
import Files
import Glibc
import SystemPackage

/// Compares a directory tree with the archive that it was unpacked from.
///
/// Compares everything that a program in the tree could notice, except times: type, mode, size, link target and
/// contents of each entry, and that there are no others. The owner must be root or this user, whatever the archive
/// says, and no file may have capabilities.
struct TreeVerifier {
    /// A name in a directory. Directories are identified by inode, since a link to one gives it two paths.
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
    /// The directory opened last, and the root, which is needed again after each of its subdirectories.
    private var parent: (path: EntryPath, directory: Directory)?
    private var top: Directory?

    /// - Returns: nil if the tree matches the archive, else the first difference.
    /// - Throws: what reading the archive throws, and `ArchiveError.Code.io` if the tree cannot be read.
    static func difference(
        between root: RootedDirectory, and source: any ByteSource, limits: ArchiveLimits, options: ExtractionOptions
    ) throws(ArchiveError) -> String? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 4096)
        defer { buffer.deallocate() }
        let bytes = try DecompressedSource(source, limits: limits)
        let reader = try ArchiveReader(bytes, limits: limits)
        var verifier = TreeVerifier(root: root, options: options, buffer: buffer)
        guard try verifier.directory(.root) != nil else { return ".: cannot be opened" }
        while let entry = try reader.next() {
            if let difference = try verifier.difference(entry, reader) { return "\(entry.path): \(difference)" }
        }
        try bytes.drain()
        try source.drain()
        return try verifier.unexpected()
    }

    /// Tells a tree that differs from one that cannot be read, as for lack of descriptors or permissions.
    ///
    /// - Throws: `ArchiveError.Code.io` unless the error means that something is missing or of another kind.
    static func checkReadable(_ number: Int32, _ path: String) throws(ArchiveError) {
        guard number == ENOENT || number == ENOTDIR || number == ELOOP else {
            throw ArchiveError(archive: path, doing: "read it in the image cache", errno: number)
        }
    }

    private init(root: RootedDirectory, options: ExtractionOptions, buffer: UnsafeMutableRawBufferPointer) {
        self.root = root
        self.options = options
        self.buffer = buffer
    }

    private mutating func difference(_ entry: ArchiveEntry, _ reader: ArchiveReader) throws(ArchiveError) -> String? {
        let mode = options.mode(of: entry)
        if entry.kind == .special { return nil }
        if entry.kind == .directory {
            guard let directory = try directory(entry.path) else { return "is not a directory" }
            modes[directory.inode] = mode
            return nil
        }
        guard let directory = try directory(entry.path.parent),
            let status = try status(entry.path.name, in: directory)
        else {
            return "is missing"
        }
        names.insert(Name(directory: directory.inode, name: Array(entry.path.name)))
        guard Trust.isTrusted(status.st_uid) else { return "belongs to user \(status.st_uid)" }
        switch entry.kind {
        case .file:
            guard status.isRegular else { return "is not a file" }
            guard status.permissions == mode else { return "has mode 0\(String(status.permissions, radix: 8))" }
            guard UInt64(status.st_size) == entry.size else { return "has \(status.st_size) bytes" }
            return try contentsDiffer(entry, in: directory, reader) ? "has other contents" : nil
        case .symbolicLink(let target):
            return status.isSymbolicLink && isLink(entry.path, to: target, in: directory) ? nil : "is another link"
        case .hardLink(let target):
            guard let parent = try self.directory(target.parent) else { return "is not a link to \(target)" }
            let other = try self.status(target.name, in: parent)
            return other?.st_ino == status.st_ino && other?.st_dev == status.st_dev ? nil : "is not a link to \(target)"
        case .directory, .special:
            return nil
        }
    }

    /// Opens a directory that the archive names, or that it implies by naming something in it.
    private mutating func directory(_ path: EntryPath) throws(ArchiveError) -> Directory? {
        if let parent, parent.path == path { return parent.directory }
        if path.isRoot, let top { return top }
        if !path.isRoot, !seen.contains(path) {
            guard let above = try directory(path.parent), let status = try status(path.name, in: above) else {
                return nil
            }
            names.insert(Name(directory: above.inode, name: Array(path.name)))
            if status.isDirectory, modes[status.st_ino] == nil { modes[status.st_ino] = 0o755 }
        }
        guard let descriptor = root.openDirectory(path), let status = descriptor.status else {
            try Self.checkReadable(errno, path.description)
            return nil
        }
        // Its owner may not enter it, so nothing below can be read. No extraction leaves such a mode.
        if options.keepsReadable, status.permissions & 0o700 != 0o700 { return nil }
        if path.isRoot, modes[status.st_ino] == nil { modes[status.st_ino] = 0o755 }
        seen.insert(path)
        let directory = Directory(descriptor: descriptor, inode: status.st_ino)
        if path.isRoot { top = directory } else { parent = (path, directory) }
        return directory
    }

    private func status(_ name: some Collection<UInt8>, in directory: Directory) throws(ArchiveError) -> stat? {
        var status = stat()
        guard CString.with(name, { fstatat(directory.descriptor.value, $0, &status, AT_SYMLINK_NOFOLLOW) }) != 0 else {
            return status
        }
        try Self.checkReadable(errno, String(decoding: name, as: UTF8.self))
        return nil
    }

    private func isDirectory(
        _ entry: DirectoryListing.Entry, in directory: Directory
    ) throws(ArchiveError) -> Bool {
        if entry.isDirectory || !entry.mayBeDirectory { return entry.isDirectory }
        return try status(entry.name, in: directory)?.isDirectory == true
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
        guard opened >= 0 else {
            try Self.checkReadable(errno, entry.path.description)
            return true
        }
        let file = OwnedDescriptor(opened)
        if !options.keepsPrivileges, hasCapabilities(file) { return true }
        let contents = reader.contents(of: entry)
        while true {
            var chunk = try contents.nextChunk()
            if chunk.isEmpty { return false }
            while !chunk.isEmpty {
                let wanted = min(chunk.count, buffer.count)
                let count = SystemError.retrying { read(file.value, buffer.baseAddress, wanted) }
                if count < 0 { try Self.checkReadable(errno, entry.path.description) }
                guard count > 0, let read = buffer.baseAddress, let wanted = chunk.baseAddress,
                    memcmp(read, wanted, count) == 0
                else { return true }
                chunk = UnsafeRawBufferPointer(rebasing: chunk[count...])
            }
        }
    }

    /// Whether a program has file capabilities, which no mode shows. An access control list shows in the mode: its mask
    /// replaces the group's bits.
    private func hasCapabilities(_ file: OwnedDescriptor) -> Bool {
        fgetxattr(file.value, "security.capability", nil, 0) > 0
    }

    /// Finds what the archive does not have, and directories with other modes.
    private func unexpected() throws(ArchiveError) -> String? {
        var pending: [EntryPath] = [.root]
        while let path = pending.popLast() {
            try Cancellation.check(name: path.description)
            guard let descriptor = root.openListing(path), let status = descriptor.status else {
                try Self.checkReadable(errno, path.description)
                return "\(path): is not a directory"
            }
            guard Trust.isTrusted(status.st_uid) else { return "\(path): belongs to user \(status.st_uid)" }
            guard status.permissions == modes[status.st_ino] else {
                return "\(path): has mode 0\(String(status.permissions, radix: 8))"
            }
            let directory = Directory(descriptor: descriptor, inode: status.st_ino)
            let listing = DirectoryListing(descriptor)
            while let entry = try next(listing, path) {
                guard names.contains(Name(directory: directory.inode, name: entry.name)),
                    let child = try? path.appending(entry.name)
                else { return "\(path)/\(entry.text): is not in the archive" }
                if try isDirectory(entry, in: directory) { pending.append(child) }
            }
        }
        return nil
    }

    private func next(_ listing: DirectoryListing, _ path: EntryPath) throws(ArchiveError) -> DirectoryListing.Entry? {
        do throws(Errno) {
            return try listing.next()
        } catch {
            throw ArchiveError(archive: path.description, doing: "list it in the image cache", errno: error.rawValue)
        }
    }
}
