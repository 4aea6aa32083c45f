public import Archive
import Files

extension Image {
    /// The SHA-256 of the archive's bytes, in hexadecimal: the cache keeps the image under it. Nil for an image that is not
    /// in this program.
    ///
    /// - Throws: `ArchiveError` when the bytes cannot be restored.
    public func embeddedDigest() throws(ArchiveError) -> String? {
        switch source {
        case .embedded(let bytes): SHA256.hexadecimal(bytes())
        case .patched(let bytes): SHA256.hexadecimal(try bytes())
        case .file, .built: nil
        }
    }
}
