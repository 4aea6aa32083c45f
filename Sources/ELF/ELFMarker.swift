import Files
import Glibc
public import SystemPackage

/// Bytes in the padding of an ELF file's `e_ident`, `EI_PAD` to its end: the gABI reserves them as zero, and kernel and emulators do not
/// look at them.
public enum ELFMarker {
    /// Their places in the file.
    public static let place = 9..<16

    /// - Parameter marker: a byte for each place.
    /// - Throws: `CallFailure`.
    public static func write(_ marker: [UInt8], to path: FilePath) throws {
        let descriptor = open(path.string, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CallFailure("open \(path)", Errno(rawValue: errno)) }
        defer { close(descriptor) }
        guard pwrite(descriptor, marker, place.count, off_t(place.lowerBound)) == place.count else {
            throw CallFailure("pwrite \(path)", Errno(rawValue: errno))
        }
    }
}
