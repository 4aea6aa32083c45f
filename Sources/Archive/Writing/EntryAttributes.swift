import CArchive
import Files
import Glibc

/// Sets owner, mode, extended attributes and times, in an order in which none undoes another.
struct EntryAttributes {
    private static let capabilities = "security.capability"

    let archive: String
    let path: EntryPath
    let options: ExtractionOptions

    func apply(
        _ entry: ArchiveEntry, to file: OwnedDescriptor, summary: inout ExtractionSummary
    ) throws(ArchiveError) {
        if let owner = try owner(of: entry), fchown(file.value, owner.user, owner.group) != 0 {
            throw failure("set the owner")
        }
        for attribute in entry.attributes {
            apply(attribute, to: file, summary: &summary)
        }
        if !options.keepsPrivileges, entry.mode & ExtractionOptions.setIDBits != 0 { summary.droppedPrivileges += 1 }
        guard fchmod(file.value, mode_t(options.mode(of: entry))) == 0 else { throw failure("set the mode") }
        var times = Self.times(of: entry)
        guard futimens(file.value, &times) == 0 else { throw failure("set the times") }
    }

    func apply(_ entry: ArchiveEntry, toLinkIn directory: OwnedDescriptor) throws(ArchiveError) {
        let owner = try owner(of: entry)
        let applied = CString.with(path.name) { name in
            if let owner, fchownat(directory.value, name, owner.user, owner.group, AT_SYMLINK_NOFOLLOW) != 0 {
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
        let isCapability = attribute.name == Self.capabilities
        let value = isCapability ? options.owners?.capability(attribute.value) ?? attribute.value : attribute.value
        let set = value.withUnsafeBytes { value in
            fsetxattr(file.value, attribute.name, value.baseAddress, value.count, 0)
        }
        if set != 0 { summary.skippedAttributes += 1 }
    }

    /// Nil if files keep the owner they are created with.
    private func owner(of entry: ArchiveEntry) throws(ArchiveError) -> (user: UInt32, group: UInt32)? {
        guard options.appliesOwners else { return nil }
        guard let owners = options.owners else { return (entry.owner, entry.group) }
        if let owner = owners.shifted(owner: entry.owner, group: entry.group) { return owner }
        throw ArchiveError(
            .unsupportedEntry, archive: archive, entry: path.description,
            expected: "an owner below \(owners.count), which the user namespace has",
            found: "\(entry.owner):\(entry.group)")
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
