import Files
import Glibc
public import SystemPackage

/// Computes SHA-256 of large files, and remembers it by device, inode, size, mtime and ctime; with it the version that a
/// program prints.
///
/// Hashing an emulator takes as long as all the rest of an inspection, and starting it for its version a quarter of that.
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
        let rows = read()
        if let known = rows.first(where: { $0.key == key }) { return known.digest }
        guard let digest = HostInspection.sha256(file), Self.identity(file) == key else { return nil }
        write([Row(key: key, digest: digest)] + rows)
        return digest
    }

    /// The version that was remembered of `file` as it is now.
    public func version(_ file: String) -> String? {
        guard let key = Self.identity(file) else { return nil }
        return read().first { $0.key == key }?.version
    }

    /// Remembers a version beside the digest of `file`. It must not depend on other files.
    public func remember(version: String, of file: String) {
        var rows = read()
        guard let key = Self.identity(file), let index = rows.firstIndex(where: { $0.key == key }),
            rows[index].version != version, !version.contains(where: \.isWhitespace)
        else { return }
        rows[index].version = version
        write(rows)
    }

    private struct Row {
        var key, digest: String
        var version: String?
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
    private func read() -> [Row] {
        guard let bytes = directory?.ownText(Self.name, limit: 16 << 10) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ")
            guard (2...3).contains(parts.count), parts[1].count == 64 else { return nil }
            return Row(
                key: String(parts[0]), digest: String(parts[1]), version: parts.count == 3 ? String(parts[2]) : nil)
        }
    }

    /// A failure is ignored: the next inspection computes again.
    private func write(_ rows: [Row]) {
        let text = rows.prefix(Self.most).map { row in
            [row.key, row.digest, row.version].compactMap(\.self).joined(separator: " ") + "\n"
        }.joined()
        try? directory?.replace(Self.name, with: Array(text.utf8), mode: 0o600)
    }
}
