import Files
import Glibc
import SystemPackage

/// The place of one archive's tree in the cache.
struct CacheSlot {
    private static let treeName = "rootfs"
    /// A tree that its owner cannot read, as Fedora's `/etc/shadow` in it cannot, could not be verified.
    private static let options: ExtractionOptions = {
        var options = ExtractionOptions()
        options.keepsReadable = true
        return options
    }()

    let cache: TrustedDirectory
    let name: String
    let digest: String
    let limits: ArchiveLimits
    /// Opens the archive, from its beginning.
    let open: () throws(ArchiveError) -> any ByteSource
    /// Whether the archive's bytes might not be the same each time, as in a file.
    let mayChange: Bool

    var tree: FilePath {
        cache.path.appending(name).appending(Self.treeName)
    }

    /// Whether the tree is there and is what the archive holds.
    ///
    /// - Throws: what reading the archive throws, and `ArchiveError.Code.io` for a tree that cannot be read: it may be as
    ///   good as any, and in use. What is wrong with the tree is no error.
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

    /// - Returns: nil for what is no directory, or one that is closed to its own owner: that is damage.
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

    /// What is in the slot already is another process's fresh copy, which is as good as this one and may be in use, or
    /// is damaged and makes way.
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
            // Who clears away was faster, or does it the next time.
            case .held: break
            case .gone, .unsupported, .failed: try? remove(discarded)
            }
        }
        throw ArchiveError(archive: cache.path.string, doing: "put \(name) in place", errno: errno)
    }

    private func remove(_ name: String) throws(TreeError) {
        try TreeRemover.removeTree(named: Array(name.utf8), in: cache.descriptor.value)
    }

    /// Locked as long as this process fills it, so that it can be told from one whose process was killed.
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
            // Somebody clears away, and was faster.
            case .held, .gone: unlinkat(cache.descriptor.value, temporary, AT_REMOVEDIR)
            case .failed(let call, let number):
                unlinkat(cache.descriptor.value, temporary, AT_REMOVEDIR)
                throw ArchiveError(
                    archive: cache.path.string, doing: "lock a directory in the cache (\(call))", errno: number)
            }
        }
        throw ArchiveError(archive: cache.path.string, doing: "create a directory in the cache", errno: errno)
    }

    /// Reads the archive, making sure that the bytes are those that the slot is named after.
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
