import Glibc
public import SystemPackage

/// A private directory, below `TMPDIR`.
public enum ScratchDirectory {
    /// The parent directory: `TMPDIR`, or `/tmp` if that is unset or empty.
    public static var parent: FilePath {
        let place = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        return FilePath(place.isEmpty ? "/tmp" : place)
    }

    /// Whether `TMPDIR` names the parent: then no other directory is used.
    public static var isNamed: Bool { getenv("TMPDIR").map { $0.pointee != 0 } ?? false }

    /// Where a directory may be made instead if the parent cannot be written to, the likeliest first.
    public static let others: [FilePath] = ["/tmp", "/run", "/dev/shm", "/var/tmp"]

    /// Makes a directory with a unique name.
    ///
    /// - Throws: `Errno` of mkdtemp(3).
    public static func make(in directory: FilePath = Self.parent, prefix: String = "assay-") throws(Errno) -> FilePath {
        guard let template = strdup(directory.appending("\(prefix)XXXXXX").string) else { throw .noMemory }
        defer { free(template) }
        guard mkdtemp(template) != nil else { throw Errno(rawValue: errno) }
        return FilePath(String(cString: template))
    }
}
