import Files
import SystemPackage

/// A database in a directory of its own, removed with it: a suite holds one for each of its tests.
final class Place {
    let directory: FilePath
    var path: FilePath { directory.appending("state").appending("assay").appending("history.sqlite") }

    init() throws { directory = try ScratchDirectory.make() }

    deinit { try? TreeRemover.removeTree(directory) }
}
