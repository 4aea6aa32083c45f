import CArchive

/// Restores bytes that zstd stores as their difference from others (`zstd --patch-from`).
public enum ZstdPatch {
    /// - Parameters:
    ///   - patch: one frame whose header tells the size of its contents.
    ///   - original: what it was made from, compressed in the same way.
    ///   - name: for errors.
    /// - Throws: `ArchiveError` (`corrupt`).
    public static func restore(
        _ patch: UnsafeRawBufferPointer, from original: UnsafeRawBufferPointer, name: String
    ) throws(ArchiveError) -> [UInt8] {
        try contents(of: patch, dictionary: contents(of: original, dictionary: [], name), name)
    }

    private static func contents(
        of frame: UnsafeRawBufferPointer, dictionary: [UInt8], _ name: String
    ) throws(ArchiveError) -> [UInt8] {
        let context = ZSTD_createDCtx()
        defer { ZSTD_freeDCtx(context) }
        let size = ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
        guard size <= largest else {
            throw ArchiveError(.corrupt, archive: name, expected: "a frame that tells its size", found: "none")
        }
        var written = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            written = ZSTD_decompress_usingDict(
                context, buffer.baseAddress, buffer.count, frame.baseAddress, frame.count, dictionary, dictionary.count)
            count = ZSTD_isError(written) == 0 ? written : 0
        }
        guard ZSTD_isError(written) == 0 else {
            throw ArchiveError(
                .corrupt, archive: name, expected: "zstd data", found: String(cString: ZSTD_getErrorName(written)))
        }
        return bytes
    }

    /// Far above any image of Assay's own, and far below the values that stand for an unknown size.
    private static let largest: UInt64 = 64 << 20
}
