import CFiles
import Glibc
import SystemPackage

/// Writes a file beside its place and renames it: a reader sees the old file or the new one, and a failure leaves only
/// the old one.
///
/// If the file system supports it, the new file has no name until it is complete: then not even SIGKILL leaves
/// anything. Else it has a random name (`.assay-…`) that must not exist.
struct FileReplacement {
    let directory: OwnedDescriptor
    let name: [UInt8]
    /// For errors.
    let place: String

    /// - Parameters:
    ///   - mode: the mode of a new file, before the umask. An old file of this user keeps its mode.
    ///   - isExact: the file gets this mode whatever the umask and the old file say.
    ///   - isDurable: the file is on the disk when this returns, and survives a power cut.
    /// - Throws: `FileError`.
    func write(
        _ bytes: [UInt8], mode: mode_t, isExact: Bool = false, isDurable: Bool = false
    ) throws(FileError) {
        let old = isExact ? mode : oldMode
        if let file = OwnedDescriptor(opened: openat(directory.value, ".", assay_unnamed | O_WRONLY | O_CLOEXEC, mode))
        {
            try fill(file, bytes, old, isDurable)
            if try put(file) { return try settle(isDurable) }
        }
        let (file, fresh) = try create(mode)
        do throws(FileError) {
            try fill(file, bytes, old, isDurable)
            try rename(fresh)
        } catch {
            unlinkat(directory.value, fresh, 0)
            throw error
        }
        try settle(isDurable)
    }

    private var oldMode: mode_t? {
        var status = stat()
        guard CString.with(name, { fstatat(directory.value, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0, status.isRegular,
            status.st_uid == geteuid()
        else { return nil }
        return mode_t(status.permissions & 0o777)
    }

    private func fill(_ file: OwnedDescriptor, _ bytes: [UInt8], _ mode: mode_t?, _ isDurable: Bool) throws(FileError) {
        do throws(Errno) { try DescriptorWriter(file.value).write(bytes) } catch {
            throw FileError("writing", place, errno: error)
        }
        if let mode, fchmod(file.value, mode) != 0 { throw failure("setting the mode of") }
        if isDurable, fsync(file.value) != 0 { throw failure("writing to the disk") }
    }

    /// Gives an unnamed file its name.
    ///
    /// - Returns: false if this file system cannot do that.
    private func put(_ file: OwnedDescriptor) throws(FileError) -> Bool {
        if CString.with(name, { assay_name(file.value, directory.value, $0) }) == 0 { return true }
        guard errno == EEXIST else { return false }
        for _ in 0..<16 {
            let fresh = Self.randomName
            guard assay_name(file.value, directory.value, fresh) == 0 else {
                if errno == EEXIST { continue }
                return false
            }
            do throws(FileError) { try rename(fresh) } catch {
                unlinkat(directory.value, fresh, 0)
                throw error
            }
            return true
        }
        return false
    }

    private func create(_ mode: mode_t) throws(FileError) -> (OwnedDescriptor, String) {
        for _ in 0..<16 {
            let fresh = Self.randomName
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            if let file = OwnedDescriptor(opened: openat(directory.value, fresh, flags, mode)) { return (file, fresh) }
            guard errno == EEXIST || errno == EINTR else { break }
        }
        throw failure("making a file beside")
    }

    private func rename(_ fresh: String) throws(FileError) {
        guard CString.with(name, { renameat(directory.value, fresh, directory.value, $0) }) == 0 else {
            throw failure("renaming a file to")
        }
    }

    /// Syncs the directory: the name must survive a power cut too.
    private func settle(_ isDurable: Bool) throws(FileError) {
        guard isDurable else { return }
        guard let opened = OwnedDescriptor(opened: openat(directory.value, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
            fsync(opened.value) == 0
        else { throw failure("writing to the disk the directory of") }
    }

    private static var randomName: String { ".assay-\(String(UInt64.random(in: .min ... .max), radix: 36))" }

    private func failure(_ action: String) -> FileError {
        FileError(action, place, errno: Errno(rawValue: errno))
    }
}
