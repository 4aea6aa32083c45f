import CArchive
import Files

/// Turns libarchive's view of one entry into an `ArchiveEntry`, refusing what has no safe meaning.
struct EntryReading {
    private let pointer: OpaquePointer
    /// The link's target, if it was taken out before libarchive saw it.
    private let target: [UInt8]?
    private let archive: String
    private let limits: ArchiveLimits

    init(_ pointer: OpaquePointer, target: [UInt8]?, archive: String, limits: ArchiveLimits) {
        self.pointer = pointer
        self.target = target
        self.archive = archive
        self.limits = limits
    }

    func entry() throws(ArchiveError) -> ArchiveEntry {
        let path = try path(nil, archive_entry_pathname, of: "a path below the root", entry: nil)
        let kind = try kind(of: path)
        let size = archive_entry_size(pointer)
        guard size >= 0 else {
            throw refuse(.corrupt, path, expected: "a size of zero or more", found: "\(size)")
        }
        if case .hardLink = kind, size > 0 {
            throw refuse(.unsupportedEntry, path, expected: "a hard link without contents", found: "\(size) bytes")
        }
        if path.isRoot, kind != .directory {
            throw refuse(.unsafePath, path, expected: "a directory as the archive's root", found: "something else")
        }
        return ArchiveEntry(
            path: path, kind: kind, size: UInt64(size), mode: UInt32(archive_entry_perm(pointer)) & 0o7777,
            owner: try identity(archive_entry_uid(pointer), "user", of: path),
            group: try identity(archive_entry_gid(pointer), "group", of: path), modified: modified,
            attributes: attributes(),
            isSparse: archive_entry_sparse_count(pointer) > 0)
    }

    /// Refuses ids above 2³² - 2: truncated, 2³² would be root, and chown(2) takes 2³² - 1 to leave the owner as it is.
    /// Archives written in a user namespace may have 2³² - 2, NFS's `nobody`.
    private func identity(_ number: la_int64_t, _ what: String, of path: EntryPath) throws(ArchiveError) -> UInt32 {
        guard 0..<la_int64_t(UInt32.max) ~= number else {
            throw refuse(
                .unsupportedEntry, path, expected: "a \(what) from 0 to \(UInt32.max - 1)", found: "\(number)")
        }
        return UInt32(number)
    }

    private func kind(of path: EntryPath) throws(ArchiveError) -> ArchiveEntry.Kind {
        // libarchive gives hard links a file type of zero: only their target identifies them.
        if archive_entry_hardlink(pointer) != nil {
            return .hardLink(
                target: try self.path(
                    self.target, archive_entry_hardlink, of: "a hard link to a path below the root", entry: path))
        }
        switch archive_entry_filetype(pointer) & 0o170000 {
        case 0o100000: return .file
        case 0o040000: return .directory
        case 0o120000: return .symbolicLink(target: try linkTarget(of: path))
        case 0o020000, 0o060000, 0o010000, 0o140000: return .special
        case let type:
            throw refuse(
                .unsupportedEntry, path, expected: "a file, directory, link, device or fifo",
                found: "file type 0\(String(type, radix: 8))")
        }
    }

    private func linkTarget(of path: EntryPath) throws(ArchiveError) -> [UInt8] {
        let target = try bytes(self.target, archive_entry_symlink, entry: path)
        guard !target.isEmpty else {
            throw refuse(.unsupportedEntry, path, expected: "a symbolic link with a target", found: "none")
        }
        return target
    }

    private func path(
        _ known: [UInt8]?, _ name: (OpaquePointer) -> UnsafePointer<CChar>?, of expected: String, entry: EntryPath?
    ) throws(ArchiveError) -> EntryPath {
        let bytes = try bytes(known, name, entry: entry)
        do {
            return try EntryPath(archived: bytes)
        } catch {
            throw ArchiveError(
                .unsafePath, archive: archive, entry: entry?.description ?? String(decoding: bytes, as: UTF8.self),
                expected: expected, found: error.description)
        }
    }

    private func bytes(
        _ known: [UInt8]?, _ name: (OpaquePointer) -> UnsafePointer<CChar>?, entry: EntryPath?
    ) throws(ArchiveError) -> [UInt8] {
        let bytes =
            known ?? name(pointer).map { Array(UnsafeRawBufferPointer(start: $0, count: CString.length($0))) } ?? []
        guard bytes.count <= limits.pathBytes else {
            throw ArchiveError(
                .overLimit, archive: archive,
                entry: entry?.description ?? String(decoding: bytes.prefix(128), as: UTF8.self) + "…",
                expected: "a path of at most \(limits.pathBytes) bytes (--limit path=N)", found: "\(bytes.count) bytes")
        }
        return bytes
    }

    private var modified: ArchiveEntry.Time? {
        guard archive_entry_mtime_is_set(pointer) != 0 else { return nil }
        return ArchiveEntry.Time(
            seconds: Int64(archive_entry_mtime(pointer)), nanoseconds: Int64(archive_entry_mtime_nsec(pointer)))
    }

    private func attributes() -> [ArchiveEntry.Attribute] {
        guard archive_entry_xattr_reset(pointer) > 0 else { return [] }
        var attributes: [ArchiveEntry.Attribute] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while archive_entry_xattr_next(pointer, &name, &value, &size) == ARCHIVE_OK {
            guard let name else { continue }
            attributes.append(
                .init(name: String(cString: name), value: Array(UnsafeRawBufferPointer(start: value, count: size))))
        }
        return attributes
    }

    private func refuse(
        _ code: ArchiveError.Code, _ path: EntryPath, expected: String, found: String
    ) -> ArchiveError {
        ArchiveError(code, archive: archive, entry: path.description, expected: expected, found: found)
    }
}
