import Files
import Glibc
public import SystemPackage

/// Writes archives below one new directory, and nowhere else.
public enum Extractor {
    /// Extracts a tar, compressed or not, into a new directory. On any error everything that was written is removed.
    ///
    /// - Parameters:
    ///   - source: the archive's bytes.
    ///   - directory: must not exist; its parent must.
    /// - Throws: `ArchiveError`.
    @discardableResult
    public static func extract(
        _ source: any ByteSource, to directory: FilePath, limits: ArchiveLimits = ArchiveLimits(),
        options: ExtractionOptions = ExtractionOptions()
    ) throws(ArchiveError) -> ExtractionSummary {
        guard directory.withPlatformString({ mkdir($0, 0o700) }) == 0 else {
            throw ArchiveError(archive: source.name, doing: "create the directory \(directory)", errno: errno)
        }
        do throws(ArchiveError) {
            let opened = SystemError.retrying {
                directory.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
            }
            guard opened >= 0 else {
                throw ArchiveError(archive: source.name, doing: "open the directory \(directory)", errno: errno)
            }
            let root = RootedDirectory(descriptor: OwnedDescriptor(opened))
            let bytes = try DecompressedSource(source, limits: limits)
            let reader = try ArchiveReader(bytes, limits: limits)
            let writer = TreeWriter(root, archive: source.name, options: options)
            while let entry = try reader.next() {
                try writer.write(entry, from: reader)
            }
            let summary = try writer.finish()
            // What follows the end marker is still part of the compressed stream, whose checksum comes last.
            try bytes.drain()
            try source.drain()
            return summary
        } catch {
            throw error.removing { () throws(TreeError) in try TreeRemover.removeTree(directory) }
        }
    }
}
