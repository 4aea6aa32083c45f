import Files
import Glibc
import SystemPackage

/// The place of one archive's tree in the cache.
struct CacheSlot {
    private static let treeName = "rootfs"
    /// A tree can be verified only if its owner can read it. Fedora's `/etc/shadow` has no read permission.
    private static let options: ExtractionOptions = {
        var options = ExtractionOptions()
        options.keepsReadable = true
        return options
    }()

    let cache: TrustedDirectory
    let name: String
    let digest: String
    let limits: ArchiveLimits
    /// Opens the archive at its beginning.
    let open: () throws(ArchiveError) -> any ByteSource
    /// Whether the archive's bytes may change between readings, as a file's may.
    let mayChange: Bool

    var tree: FilePath {
        cache.path.appending(name).appending(Self.treeName)
    }

    /// Whether the tree exists and matches the archive.
    ///
    /// - Throws: what reading the archive throws, and `ArchiveError.Code.io` for a tree that cannot be read: it may be
    ///   intact, and in use. A tree that differs is not an error.
    func holdsArchive() throws(ArchiveError) -> Bool {
        guard let slot = try openDirectory(name, in: cache.descriptor), let status = slot.status,
            Trust.isTrusted(status.st_uid), status.permissions & 0o022 == 0
        else { return false }
        guard let root = try openDirectory(Self.treeName, in: slot) else { return false }
        return try reading { source throws(ArchiveError) in
            try TreeVerifier.difference(
                between: RootedDirectory(descriptor: root), and: source, limits: limits,
                options: Self.options) == nil
        }
    }

    /// - Returns: nil if there is no such directory, or if its owner may not enter it: the tree is then damaged.
    private func openDirectory(
        _ name: String, in parent: OwnedDescriptor
    ) throws(ArchiveError) -> OwnedDescriptor? {
        let opened = SystemError.retrying {
            openat(parent.value, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        guard opened < 0 else { return OwnedDescriptor(opened) }
        let number = errno
        var status = stat()
        if fstatat(parent.value, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.permissions & 0o700 != 0o700 {
            return nil
        }
        try TreeVerifier.checkReadable(number, tree.string)
        return nil
    }

    /// Unpacks the archive beside the slot and renames it into place, unless another process was faster.
    func fill() throws(ArchiveError) {
        let (temporary, lock) = try makeTemporaryDirectory()
        defer { lock?.release() }
        do throws(ArchiveError) {
            let path = cache.path.appending(temporary).appending(Self.treeName)
            _ = try reading { source throws(ArchiveError) in
                try Extractor.extract(source, to: path, limits: limits, options: Self.options)
            }
            try install(temporary)
        } catch {
            throw error.removing { () throws(TreeError) in try remove(temporary) }
        }
    }

    /// Moves the unpacked tree into the slot. Keeps the slot's content if it verifies, since it may be in use; else
    /// replaces it.
    private func install(_ temporary: String) throws(ArchiveError) {
        let directory = cache.descriptor.value
        for attempt in 0..<16 {
            if renameat(directory, temporary, directory, name) == 0 { return }
            guard errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR else { break }
            if try holdsArchive() {
                do throws(TreeError) { return try remove(temporary) } catch { throw ArchiveError(error) }
            }
            let discarded = "\(temporary).old\(attempt)"
            guard renameat(directory, name, directory, discarded) == 0 || errno == ENOENT else { break }
            switch DirectoryLock.attempt(cache.path.appending(discarded)) {
            case .taken(let lock):
                defer { lock.release() }
                do throws(TreeError) { try remove(discarded) } catch { throw ArchiveError(error) }
            // Another process is removing it, or a later run will.
            case .held: break
            case .gone, .unsupported, .failed: try? remove(discarded)
            }
        }
        throw ArchiveError(archive: cache.path.string, doing: "put \(name) in place", errno: errno)
    }

    private func remove(_ name: String) throws(TreeError) {
        try TreeRemover.removeTree(named: Array(name.utf8), in: cache.descriptor.value)
    }

    /// Locked while this process fills it: a process that is killed leaves an unlocked one.
    private func makeTemporaryDirectory() throws(ArchiveError) -> (name: String, lock: DirectoryLock?) {
        for _ in 0..<64 {
            let temporary = ".\(name).\(String(UInt64.random(in: .min ... .max), radix: 36))"
            guard mkdirat(cache.descriptor.value, temporary, 0o700) == 0 else {
                if errno == EEXIST { continue }
                break
            }
            switch DirectoryLock.attempt(cache.path.appending(temporary)) {
            case .taken(let lock): return (temporary, lock)
            case .unsupported: return (temporary, nil)
            // Another process took it for abandoned and was faster.
            case .held, .gone: unlinkat(cache.descriptor.value, temporary, AT_REMOVEDIR)
            case .failed(let call, let number):
                unlinkat(cache.descriptor.value, temporary, AT_REMOVEDIR)
                throw ArchiveError(
                    archive: cache.path.string, doing: "lock a directory in the cache (\(call))", errno: number)
            }
        }
        throw ArchiveError(archive: cache.path.string, doing: "create a directory in the cache", errno: errno)
    }

    /// Reads the archive, and checks that its bytes have the slot's digest.
    private func reading<Result>(
        _ body: (any ByteSource) throws(ArchiveError) -> Result
    ) throws(ArchiveError) -> Result {
        guard mayChange else { return try body(try open()) }
        let source = MeasuredSource(try open())
        let result = try body(source)
        try source.drain()
        guard source.sha256 == digest else {
            throw ArchiveError(
                .corrupt, archive: source.name, expected: "sha256:\(digest)",
                found: "sha256:\(source.sha256): the file changed while it was read")
        }
        return result
    }
}
