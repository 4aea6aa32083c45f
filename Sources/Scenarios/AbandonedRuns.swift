import Archive
import Glibc
import Sandbox
import SystemPackage

/// What runs left that were killed before they could clean up. Failing to remove it is the trouble of whoever looks there next, not of this run.
enum AbandonedRuns {
    /// - Parameter scratch: this run's own directory, not yet claimed.
    static func remove(beside scratch: FilePath) {
        let parent = scratch.removingLastComponent()
        guard let directory = opendir(parent.string) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix("assay-") else { continue }
            let path = parent.appending(name)
            guard ScratchDirectory.isAbandoned(path) else { continue }
            MemoryLimit.release(run: name)
            OCIBundle.release(below: path)
            try? TreeRemover.removeTree(path)
        }
    }
}
