import Files
import Glibc
public import SystemPackage

/// Root file systems unpacked from archives, kept by the SHA-256 of the archive's bytes.
///
/// A tree is unpacked under another name and then renamed into place, so that many processes can share a cache, and an
/// interrupted one leaves nothing that looks complete. Each tree is compared with its archive before use, and unpacked
/// again if it differs. A cache in a directory that another user can write to is refused.
public struct UnpackedCache: Sendable {
    private static let action = "using the image cache"

    private let directory: FilePath

    /// - Parameter directory: created, with its missing parents, for this user only, when the first tree is asked for.
    public init(directory: FilePath) {
        self.directory = directory
    }

    /// The path of a directory with the archive's contents, except owners, times, devices, fifos, set-id bits and file
    /// capabilities. Its owner can read all of it.
    ///
    /// - Parameters:
    ///   - archive: the archive's bytes, compressed or not.
    ///   - name: a word for people who look into the cache; part of the path.
    ///   - isKnownWhole: whether `holds(_:name:limits:)` was true a moment ago; then the tree is not compared again.
    /// - Returns: `DIRECTORY/NAME-SHA256/rootfs`, without symbolic links. Nobody but this user and root can change it.
    /// - Throws: `ArchiveError`.
    public func tree(
        of archive: UnsafeRawBufferPointer, name: String, limits: ArchiveLimits = ArchiveLimits(),
        isKnownWhole: Bool = false
    ) throws(ArchiveError) -> FilePath {
        let digest = SHA256.hexadecimal(archive)
        return try tree(digest: digest, name: name, limits: limits, isKnownWhole: isKnownWhole) {
            () throws(ArchiveError) in
            MemorySource(archive, name: name)
        }
    }

    /// Whether the archive's tree is in the cache and as the archive has it. Makes and changes nothing. What cannot be read is
    /// not held, for `tree(of:name:limits:)` to say why.
    public func holds(
        _ archive: UnsafeRawBufferPointer, name: String, limits: ArchiveLimits = ArchiveLimits()
    ) -> Bool {
        guard let trusted = try? TrustedDirectory(directory, action: Self.action) else { return false }
        let digest = SHA256.hexadecimal(archive)
        let slot = CacheSlot(
            cache: trusted, name: "\(name)-\(digest)", digest: digest, limits: limits,
            open: { () throws(ArchiveError) in MemorySource(archive, name: name) }, mayChange: false)
        return (try? slot.holdsArchive()) == true
    }

    /// As `tree(of:name:limits:)` for bytes in an array.
    public func tree(
        of archive: [UInt8], name: String, limits: ArchiveLimits = ArchiveLimits()
    ) throws(ArchiveError) -> FilePath {
        try tree(digest: SHA256.hexadecimal(archive), name: name, limits: limits) { () throws(ArchiveError) in
            MemorySource(archive, name: name)
        }
    }

    /// As `tree(of:name:limits:)` for an archive in a file, which is read twice and never held in memory.
    public func tree(
        ofFile file: FilePath, name: String, limits: ArchiveLimits = ArchiveLimits()
    ) throws(ArchiveError) -> FilePath {
        let measured = MeasuredSource(try DescriptorSource(regularFile: file))
        try measured.drain()
        return try tree(digest: measured.sha256, name: name, limits: limits, mayChange: true) {
            () throws(ArchiveError) in
            try DescriptorSource(regularFile: file)
        }
    }

    private func tree(
        digest: String, name: String, limits: ArchiveLimits, mayChange: Bool = false, isKnownWhole: Bool = false,
        open: @escaping () throws(ArchiveError) -> any ByteSource
    ) throws(ArchiveError) -> FilePath {
        guard !name.isEmpty, !name.contains("/"), !name.utf8.contains(0), !name.hasPrefix(".") else {
            throw ArchiveError(.io, archive: name, expected: "a name without slashes that begins no dot", found: name)
        }
        let trusted = try trustedDirectory()
        let slot = CacheSlot(
            cache: trusted, name: "\(name)-\(digest)", digest: digest, limits: limits, open: open,
            mayChange: mayChange)
        AbandonedUnpacking.remove(in: trusted)
        if isKnownWhole { return slot.tree }
        if try !slot.holdsArchive() { try slot.fill() }
        return slot.tree
    }

    /// Checks every directory on the way before making anything in it.
    private func trustedDirectory() throws(ArchiveError) -> TrustedDirectory {
        do throws(FileError) {
            return try TrustedDirectory(directory, action: Self.action, making: 0o700)
        } catch {
            throw ArchiveError(error)
        }
    }
}
