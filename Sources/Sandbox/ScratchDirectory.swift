import Glibc
public import SystemPackage

/// A private directory of one run, below `TMPDIR`.
public struct ScratchDirectory: Sendable {
    public let path: FilePath

    /// - Throws: `Errno` of mkdtemp(3).
    public init() throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        guard let template = strdup(FilePath(parent).appending("assay-XXXXXX").string) else { throw Errno.noMemory }
        defer { free(template) }
        guard mkdtemp(template) != nil else { throw Errno(rawValue: errno) }
        path = FilePath(String(cString: template))
    }
}
