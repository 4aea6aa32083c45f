import CArchive
import Glibc

/// Sets owner, mode, extended attributes and times, in the order in which none undoes another.
struct EntryAttributes {
    private static let capabilities = "security.capability"

    let archive: String
    let path: EntryPath
    let options: ExtractionOptions

    func apply(
        _ entry: ArchiveEntry, to file: OwnedDescriptor, summary: inout ExtractionSummary
    ) throws(ArchiveError) {
        if options.appliesOwners, fchown(file.value, entry.owner, entry.group) != 0 { throw failure("set the owner") }
        for attribute in entry.attributes {
            apply(attribute, to: file, summary: &summary)
        }
        if !options.keepsPrivileges, entry.mode & ExtractionOptions.setIDBits != 0 { summary.droppedPrivileges += 1 }
        guard fchmod(file.value, mode_t(options.mode(of: entry))) == 0 else { throw failure("set the mode") }
        var times = Self.times(of: entry)
        guard futimens(file.value, &times) == 0 else { throw failure("set the times") }
    }

    func apply(_ entry: ArchiveEntry, toLinkIn directory: OwnedDescriptor) throws(ArchiveError) {
        let applied = CString.with(path.name) { name in
            if options.appliesOwners,
                fchownat(directory.value, name, entry.owner, entry.group, AT_SYMLINK_NOFOLLOW) != 0
            {
                return false
            }
            var times = Self.times(of: entry)
            return utimensat(directory.value, name, &times, AT_SYMLINK_NOFOLLOW) == 0
        }
        guard applied else { throw failure("set owner and times") }
    }

    private func apply(
        _ attribute: ArchiveEntry.Attribute, to file: OwnedDescriptor, summary: inout ExtractionSummary
    ) {
        if attribute.name == Self.capabilities, !options.keepsPrivileges {
            summary.droppedPrivileges += 1
            return
        }
        let set = attribute.value.withUnsafeBytes { value in
            fsetxattr(file.value, attribute.name, value.baseAddress, value.count, 0)
        }
        if set != 0 { summary.skippedAttributes += 1 }
    }

    private static func times(of entry: ArchiveEntry) -> [timespec] {
        // UTIME_OMIT: leave the time of last access as it is.
        let accessed = timespec(tv_sec: 0, tv_nsec: 0x3fff_fffe)
        let modified =
            entry.modified.map { timespec(tv_sec: time_t($0.seconds), tv_nsec: Int($0.nanoseconds)) } ?? accessed
        return [accessed, modified]
    }

    private func failure(_ action: String) -> ArchiveError {
        ArchiveError(archive: archive, entry: path.description, doing: action, errno: errno)
    }
}
