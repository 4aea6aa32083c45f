import Files
import Glibc
import Sandbox

/// What is at the place of a file that is to be written.
enum PersistedFile: Equatable {
    case absent
    case text(String)
    case link(String)
    /// Anything else, with the reason why it could not be restored.
    case other(String)

    init(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            self = errno == ENOENT ? .absent : .other("\(path): \(errorText(errno))")
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFLNK:
            var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = target.withUnsafeMutableBytes {
                $0.baseAddress.map { base in readlink(path, base, Int(PATH_MAX)) } ?? 0
            }
            self = .link(String(decoding: target.prefix(max(0, count)), as: UTF8.self))
        case S_IFREG:
            let bytes = try? WholeFile.read(path, limit: 64 << 10)
            self = bytes.map { .text(String(decoding: $0, as: UTF8.self)) } ?? .other("\(path), which cannot be read")
        default: self = .other("\(path), which is no file")
        }
    }

    /// Whether it is a text that begins with `marker`.
    func isMarked(_ marker: String) -> Bool {
        if case .text(let text) = self { return text.hasPrefix(marker) }
        return false
    }
}
