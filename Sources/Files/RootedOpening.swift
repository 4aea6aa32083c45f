import CFiles
import Glibc

/// The only caller of openat2(2). If the kernel lacks it (before Linux 5.6, gVisor, QEMU's user mode: ENOSYS), or a
/// filter refuses it (EPERM), `OlderResolution` does the same one component at a time: slower, but as safe.
///
/// Source: <https://man7.org/linux/man-pages/man2/openat2.2.html>
public enum RootedOpening {
    private static let (noCrossing, noMagicLinks, noLinks, inRoot): (UInt64, UInt64, UInt64, UInt64) = (1, 2, 4, 0x10)

    /// Opens a path below a directory as if that were the root: no `..`, symbolic link or race leads out of it.
    ///
    /// - Parameters:
    ///   - path: relative; without NUL.
    ///   - flags: of open(2), without `O_CREAT`.
    /// - Returns: nil on failure, with the reason in `errno`.
    public static func open(_ path: [UInt8], below root: Int32, flags: Int32) -> OwnedDescriptor? {
        let opened = CString.with(path) { path in
            attempt { assay_openat2(root, path, UInt64(flags), 0, inRoot | noMagicLinks) }
        }
        if opened >= 0 { return OwnedDescriptor(opened) }
        guard isRefused(errno) else { return nil }
        return OlderResolution(root: root).open(path, flags: flags)
    }

    /// Opens a subdirectory for listing, refusing symbolic links and mount points.
    ///
    /// - Returns: nil on failure, with the reason in `errno`: `EXDEV` for a mount point.
    public static func enter(_ name: [UInt8], in directory: Int32) -> OwnedDescriptor? {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let opened = CString.with(name) { name in
            attempt { assay_openat2(directory, name, UInt64(flags), 0, noCrossing | noMagicLinks | noLinks) }
        }
        if opened >= 0 { return OwnedDescriptor(opened) }
        guard isRefused(errno) else { return nil }
        return OlderResolution(root: directory).enter(name, flags: flags)
    }

    /// The kernel answers EAGAIN if something was renamed during the lookup.
    private static func attempt(_ call: () -> Int32) -> Int32 {
        for _ in 0..<64 {
            let opened = SystemError.retrying(call)
            guard opened < 0, errno == EAGAIN else { return opened }
        }
        return -1
    }

    /// Whether openat2(2) itself is unavailable. If the cause was something else, the older calls fail too.
    private static func isRefused(_ number: Int32) -> Bool { number == ENOSYS || number == EPERM }
}
