import Files
import Glibc
public import SystemPackage

/// Computes SHA-256 of large files, and remembers it by device, inode, size, mtime and ctime.
///
/// Hashing an emulator takes as long as all the rest of an inspection.
public struct DigestCache {
    private static let most = 16
    private static let name = "digests"
    private let directory: TrustedDirectory?

    /// - Parameter directory: holds the cache. Nothing is remembered if it is nil, absent, or not this user's alone.
    public init(directory: FilePath?) {
        self.directory = directory.flatMap { try? TrustedDirectory($0, action: "remembering digests in") }
    }

    /// The digest of `file`, remembered or computed: lower-case hexadecimal. Nil if the file cannot be read.
    public func sha256(_ file: String) -> String? {
        guard let key = Self.identity(file) else { return nil }
        var rows = read()
        if let known = rows.first(where: { $0.key == key }) { return known.digest }
        guard let digest = HostInspection.sha256(file), Self.identity(file) == key else { return nil }
        rows.insert((key, digest), at: 0)
        write(rows.prefix(Self.most).map { "\($0.key) \($0.digest)\n" }.joined())
        return digest
    }

    private static func identity(_ file: String) -> String? {
        var status = stat()
        guard stat(file, &status) == 0 else { return nil }
        let parts = [
            Int(status.st_dev), Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
            status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
        ]
        return parts.map(String.init).joined(separator: ":")
    }

    /// Reads the remembered digests. Empty if the file is not this user's own, or if others may write to it.
    private func read() -> [(key: String, digest: String)] {
        guard let bytes = directory?.ownText(Self.name, limit: 16 << 10) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ")
            return parts.count == 2 && parts[1].count == 64 ? (String(parts[0]), String(parts[1])) : nil
        }
    }

    /// A failure is ignored: the next inspection computes again.
    private func write(_ text: String) {
        try? directory?.replace(Self.name, with: Array(text.utf8), mode: 0o600)
    }
}
