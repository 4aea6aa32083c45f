import Files
import Glibc
import SystemPackage

/// Remembers which paths were absent, so that what a tool made there can be removed again.
struct Footprint {
    private let absent: [FilePath]

    init(_ paths: [FilePath]) {
        absent = paths.filter { access($0.string, F_OK) != 0 }
    }

    private static let record = "footprint"

    /// Writes it into a directory of the run, for whoever clears away after this process was killed.
    ///
    /// - Throws: `Errno`.
    func note(in directory: FilePath) throws {
        try WholeFile.write(
            absent.map(\.string).joined(separator: "\n").utf8, to: directory.appending(Self.record))
    }

    /// What was noted in a directory; nil where nothing was.
    init?(notedIn directory: FilePath) {
        guard let bytes = try? WholeFile.read(directory.appending(Self.record).string, limit: 1 << 16, heedsStop: false)
        else {
            return nil
        }
        absent = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { FilePath(String($0)) }
    }

    /// Removes what has appeared since at these paths and no others, what is in a directory before it. A directory in which others have put
    /// something meanwhile stays, with that.
    ///
    /// - Parameter paths: those that are the tool's now: others may have come to share some since they were remembered.
    /// - Returns: what could not be removed, for people.
    func erase(_ paths: [FilePath]) -> [String] {
        var left: [String] = []
        let own = absent.filter(paths.contains)
        for path in own.sorted(by: { $0.components.count > $1.components.count }) {
            // Where this user may not remove anything, it was not this user's tool that made it.
            if unlink(path.string) == 0 || [ENOENT, ENOTDIR, EACCES].contains(errno) { continue }
            if errno == EISDIR, rmdir(path.string) == 0 || [ENOENT, ENOTEMPTY, EBUSY].contains(errno) { continue }
            left.append("\(path): \(Errno(rawValue: errno))")
        }
        return left
    }
}
