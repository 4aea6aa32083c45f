import Files
import Glibc
import SystemPackage

/// Removes what processes left in a cache when they were killed while unpacking.
enum AbandonedUnpacking {
    /// The most directories that one run removes, so that none pays for many.
    private static let most = 64
    /// Seconds after which a directory counts as abandoned if there are no locks: unpacking takes seconds.
    private static let day = 24 * 60 * 60

    static func remove(in cache: TrustedDirectory) {
        let opened = openat(cache.descriptor.value, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { return }
        let listing = DirectoryListing(OwnedDescriptor(opened))
        var removed = 0
        while removed < most, let entry = (try? listing.next()).flatMap({ $0 }) {
            guard isTemporary(entry.name) else { continue }
            switch DirectoryLock.attempt(cache.path.appending(entry.text)) {
            case .taken(let lock):
                // Another process may be removing it too. What cannot be removed now is left to a later run.
                try? TreeRemover.removeTree(named: entry.name, in: cache.descriptor.value)
                lock.release()
                removed += 1
            case .unsupported where isOld(entry.name, cache):
                try? TreeRemover.removeTree(named: entry.name, in: cache.descriptor.value)
                removed += 1
            case .held, .gone, .unsupported, .failed: continue
            }
        }
    }

    /// Whether a name has the form of `CacheSlot`'s temporary directories: `.NAME-SHA256.WORD`.
    static func isTemporary(_ name: [UInt8]) -> Bool {
        let text = String(decoding: name, as: UTF8.self)
        guard text.hasPrefix("."), let dash = text.lastIndex(of: "-") else { return false }
        let rest = text[dash...].dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        return rest.count >= 2 && rest[0].count == 64 && rest[0].allSatisfy(\.isHexDigit)
    }

    private static func isOld(_ name: [UInt8], _ cache: TrustedDirectory) -> Bool {
        var status = stat()
        return CString.with(name) { fstatat(cache.descriptor.value, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0
            && time(nil) - status.st_mtim.tv_sec > day
    }
}
