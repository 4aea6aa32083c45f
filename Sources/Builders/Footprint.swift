import Files
import Glibc
import Synchronization
import SystemPackage

/// Remembers which paths were absent, so that what a tool made there can be removed again.
///
/// Tools that run side by side share paths: what was absent for the first of them is removed by the last.
struct Footprint {
    private let absent: [FilePath]

    /// How many footprints of this process hold each absent path.
    private static let holders = Mutex<[FilePath: Int]>([:])

    init(_ paths: [FilePath]) {
        absent = Self.holders.withLock { holders in
            let absent = paths.filter { holders[$0] != nil || access($0.string, F_OK) != 0 }
            for path in absent { holders[path, default: 0] += 1 }
            return absent
        }
    }

    /// Lets go of all paths.
    ///
    /// - Returns: those that nobody else holds.
    private func release() -> [FilePath] {
        Self.holders.withLock { holders in
            absent.filter { path in
                guard let count = holders[path], count > 1 else {
                    holders[path] = nil
                    return true
                }
                holders[path] = count - 1
                return false
            }
        }
    }

    private static let record = "footprint"

    /// Saves the paths in a directory of the run, so that a later run can clean up if this one is killed.
    ///
    /// - Throws: `Errno`.
    func note(in directory: FilePath) throws {
        try WholeFile.write(
            absent.map(\.string).joined(separator: "\n").utf8, to: directory.appending(Self.record))
    }

    /// Reads what `note(in:)` saved; nil when there is nothing.
    init?(notedIn directory: FilePath) {
        guard let bytes = try? WholeFile.read(directory.appending(Self.record).string, limit: 1 << 16, heedsStop: false)
        else {
            return nil
        }
        absent = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { FilePath(String($0)) }
    }

    /// Removes the paths that have appeared since, contents before their directory. A non-empty directory stays.
    ///
    /// - Parameter paths: the tool's own paths now. Other programs may have begun to share some since.
    /// - Returns: what could not be removed, for people.
    func erase(_ paths: [FilePath]) -> [String] {
        var left: [String] = []
        let own = release().filter(paths.contains)
        for path in own.sorted(by: { $0.components.count > $1.components.count }) {
            // EACCES: this user cannot remove it, so this user's tool did not make it.
            if unlink(path.string) == 0 || [ENOENT, ENOTDIR, EACCES].contains(errno) { continue }
            if errno == EISDIR, rmdir(path.string) == 0 || [ENOENT, ENOTEMPTY, EBUSY].contains(errno) { continue }
            left.append("\(path): \(Errno(rawValue: errno))")
        }
        return left
    }
}
