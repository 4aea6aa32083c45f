import Files
import Glibc
public import SystemPackage

/// The places of the files in an uncompressed tar, itself a regular file, so that they can be read in any order and by
/// many threads at once.
public struct ArchiveIndex: Sendable {
    private struct Extent: Sendable {
        var offset: UInt64
        var size: UInt64
    }

    private let name: String
    private let file: OwnedDescriptor
    /// Which files the index keeps.
    private let isKept: @Sendable (EntryPath) -> Bool
    private var extents: [EntryPath: Extent] = [:]
    private var links: [EntryPath: EntryPath] = [:]
    /// What symbolic links say.
    private var targets: [EntryPath: [UInt8]] = [:]

    /// Reads the headers of an archive, seeking over the contents.
    ///
    /// - Parameter isKept: which files will be asked for. Others are only checked for duplicate names.
    /// - Returns: nil if there can be no index: for a pipe, a compressed archive, or one with sparse files.
    /// - Throws: `ArchiveError`, also for an archive that ends early.
    public init?(
        _ path: FilePath, limits: ArchiveLimits = ArchiveLimits(),
        keeping isKept: @escaping @Sendable (EntryPath) -> Bool = { _ in true }
    ) throws(ArchiveError) {
        self.isKept = isKept
        // Opening and closing a pipe would end its writer.
        var status = stat()
        if path.withPlatformString({ stat($0, &status) }) == 0, !status.isRegular { return nil }
        let opened = SystemError.retrying { path.withPlatformString { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) } }
        guard opened >= 0 else { throw ArchiveError(opening: path.string, errno: errno) }
        file = OwnedDescriptor(opened)
        name = path.string
        guard file.status?.isRegular == true else { return nil }
        var magic = [UInt8](repeating: 0, count: ArchiveForm.headSize)
        let count = SystemError.retrying { pread(opened, &magic, magic.count, 0) }
        guard count == magic.count, ArchiveForm(magic) == .tar else { return nil }
        let reader = try ArchiveReader(DescriptorSource(file, name: name), limits: limits)
        var last: ArchiveEntry?
        var names = NameSet()
        while let entry = try reader.next() {
            if let last, !addExtent(of: last, endingAt: reader.headerPosition) { return nil }
            guard entry.kind == .directory || names.insert(entry.path) else {
                throw ArchiveError(
                    .duplicateEntry, archive: name, entry: entry.path.description,
                    expected: "one entry of that name", found: "another")
            }
            add(entry)
            last = entry
        }
        if let last, !addExtent(of: last, endingAt: reader.headerPosition) { return nil }
    }

    /// The contents of a file, or nil if the archive has no file of that name. Hard links are followed.
    public func source(_ path: EntryPath) -> (any ByteSource)? {
        guard let extent = extents[links[path] ?? path] else { return nil }
        return FileRangeSource(file, offset: extent.offset, size: extent.size, name: "\(name): \(path)")
    }

    /// The first symbolic link on the way to a path, and what it says; nil if there is none.
    public func link(on path: EntryPath) -> SymbolicLinkEntry? { SymbolicLinkEntry(on: path, in: targets) }

    /// As much of a target is kept as a message shows, in bytes.
    private static let longestTarget = 512
    /// The targets of so many links are kept. No tool writes so many in the place of files that are kept, and they could
    /// fill the memory.
    private static let mostTargets = 1 << 16

    /// Whether the archive has a file whose name satisfies a condition.
    public func contains(where condition: (EntryPath) -> Bool) -> Bool {
        extents.keys.contains(where: condition)
    }

    private mutating func add(_ entry: ArchiveEntry) {
        guard isKept(entry.path) else { return }
        switch entry.kind {
        case .file: extents[entry.path] = Extent(offset: 0, size: entry.size)
        case .hardLink(let target) where isKept(target): links[entry.path] = links[target] ?? target
        case .symbolicLink(let target):
            if targets.count < Self.mostTargets { targets[entry.path] = Array(target.prefix(Self.longestTarget)) }
            links[entry.path] = entry.path.parent.resolving(target).flatMap { isKept($0) ? $0 : nil }
        case .hardLink, .directory, .special: break
        }
    }

    /// Contents end where the next header begins, apart from padding to a whole block. Returns false for contents
    /// stored in another form, such as a sparse file's, which take up less room than their size.
    private mutating func addExtent(of entry: ArchiveEntry, endingAt end: UInt64) -> Bool {
        guard entry.kind == .file else { return true }
        let stored = (entry.size + 511) / 512 * 512
        guard end >= stored + 512 else { return false }
        extents[entry.path]?.offset = end - stored
        return !entry.isSparse
    }
}

/// Names that were seen, each as an unpredictable 128-bit hash, since names can be long.
private struct NameSet {
    private struct Digest: Hashable {
        var first: Int
        var second: Int
    }

    private var digests: Set<Digest> = []

    /// Returns false if the name is known already. Devices and sockets count too.
    mutating func insert(_ path: EntryPath) -> Bool {
        var second = Hasher()
        second.combine(0)
        second.combine(path)
        return digests.insert(Digest(first: path.hashValue, second: second.finalize())).inserted
    }
}

/// Part of a regular file.
final class FileRangeSource: ByteSource {
    let name: String
    private let file: OwnedDescriptor
    private var offset: off_t
    private var rest: UInt64
    private let buffer: UnsafeMutableRawBufferPointer

    init(_ file: OwnedDescriptor, offset: UInt64, size: UInt64, name: String) {
        self.file = file
        self.offset = off_t(clamping: offset)
        rest = size
        self.name = name
        buffer = .allocate(byteCount: 256 << 10, alignment: 4096)
    }

    deinit {
        buffer.deallocate()
    }

    func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        let wanted = Int(min(UInt64(buffer.count), rest))
        guard wanted > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        try Cancellation.check(name: name)
        let count = SystemError.retrying { pread(file.value, buffer.baseAddress, wanted, offset) }
        guard count >= 0 else { throw ArchiveError(archive: name, doing: "read", errno: errno) }
        guard count > 0 else {
            throw ArchiveError(.corrupt, archive: name, expected: "another \(rest) bytes", found: "the end of the file")
        }
        offset += off_t(count)
        rest -= UInt64(count)
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
    }
}
