import Archive
import Glibc
import SystemPackage

/// Remembers which paths were absent, so that what a tool made there can be removed again.
struct Footprint {
    private let absent: [FilePath]

    init(_ paths: [FilePath]) {
        absent = paths.filter { access($0.string, F_OK) != 0 }
    }

    /// Removes what has appeared since; a path below another goes with it.
    func erase() throws(ArchiveError) {
        for path in absent where access(path.string, F_OK) == 0 { try TreeRemover.removeTree(path) }
    }
}
