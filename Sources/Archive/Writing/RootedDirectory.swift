import CFiles
import Files
import Glibc
public import SystemPackage

/// A directory below which paths are resolved as if it were the root: no `..`, symbolic link or race leads out of it.
public struct RootedDirectory: Sendable {
    let descriptor: OwnedDescriptor

    init(descriptor: OwnedDescriptor) {
        self.descriptor = descriptor
    }

    /// Opens an existing directory.
    ///
    /// - Throws: `ArchiveError` if it cannot be opened.
    public init(_ path: FilePath) throws(ArchiveError) {
        let opened = path.withPlatformString { Glibc.open($0, assay_path_only | O_DIRECTORY | O_CLOEXEC) }
        guard opened >= 0 else { throw ArchiveError(opening: path.string, "directory", errno: errno) }
        descriptor = OwnedDescriptor(opened)
    }

    /// Opens a regular file below the root for reading.
    ///
    /// - Returns: nil if there is nothing of that name.
    /// - Throws: `ArchiveError` if it cannot be opened, or is not a regular file.
    public func source(_ path: EntryPath, name: String) throws(ArchiveError) -> DescriptorSource? {
        // A fifo must not keep the reader waiting.
        guard let file = open(path.bytes, flags: O_RDONLY | O_NONBLOCK | O_CLOEXEC) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw ArchiveError(archive: name, doing: "open the file", errno: errno)
        }
        guard file.status?.isRegular == true else {
            throw ArchiveError(.io, archive: name, expected: "a regular file", found: "something else")
        }
        return DescriptorSource(file, name: name)
    }

    /// The first symbolic link on the way to a path, and what it says; nil if there is none.
    public func link(on path: EntryPath) -> SymbolicLinkEntry? {
        for place in path.prefixes {
            guard let file = open(place.bytes, flags: assay_path_only | O_NOFOLLOW | O_CLOEXEC) else { return nil }
            guard file.status.map({ $0.st_mode & S_IFMT == S_IFLNK }) == true else { continue }
            let target = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
                count = buffer.baseAddress.map { max(readlinkat(file.value, "", $0, buffer.count), 0) } ?? 0
            }
            return SymbolicLinkEntry(path: place, target: target)
        }
        return nil
    }

    /// Opens a directory below the root, following symbolic links inside it.
    ///
    /// - Returns: nil on failure, with the reason in `errno`.
    func openDirectory(_ path: EntryPath) -> OwnedDescriptor? {
        open(path.isRoot ? [UInt8(ascii: ".")] : path.bytes, flags: assay_path_only | O_DIRECTORY | O_CLOEXEC)
    }

    /// Opens a directory for listing and changing it. A symbolic link is refused.
    func openListing(_ path: EntryPath) -> OwnedDescriptor? {
        open(path.isRoot ? [UInt8(ascii: ".")] : path.bytes, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    }

    private func open(_ path: [UInt8], flags: Int32) -> OwnedDescriptor? {
        RootedOpening.open(path, below: descriptor.value, flags: flags)
    }
}
