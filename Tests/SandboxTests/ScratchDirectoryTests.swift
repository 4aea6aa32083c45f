import Archive
import Glibc
import SystemPackage
import Testing

@testable import Sandbox

@Suite("Whose a scratch directory is") struct ScratchDirectoryTests {
    @Test("one that is claimed is not abandoned while its process lives") func claimed() throws {
        let directory = try ScratchDirectory()
        defer { try? TreeRemover.removeTree(directory.path) }
        #expect(!ScratchDirectory.isAbandoned(directory.path), "never claimed: not one of ours")
        try directory.claim()
        #expect(!ScratchDirectory.isAbandoned(directory.path))
    }

    @Test("one whose process was killed is abandoned, and one that somebody wants to keep is not") func killed() throws
    {
        let directory = try ScratchDirectory()
        defer { try? TreeRemover.removeTree(directory.path) }
        // What a process leaves that is no more: the mark, and nobody's lock on it.
        let mark = directory.path.appending(".assay-run")
        let file = try FileDescriptor.open(
            mark, .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        try file.close()
        #expect(!ScratchDirectory.isAbandoned(directory.path), "its children may still write there")
        #expect(!ScratchDirectory.isAbandoned(directory.path))
        #expect(ScratchDirectory.isAbandoned(directory.path, grace: .zero))
        ScratchDirectory.disclaim(directory.path)
        #expect(!ScratchDirectory.isAbandoned(directory.path))
    }

    @Test("a link to one is not one") func link() throws {
        let directory = try ScratchDirectory()
        defer { try? TreeRemover.removeTree(directory.path) }
        let (inner, link) = (directory.path.appending("inner"), directory.path.appending("link"))
        #expect(mkdir(inner.string, 0o700) == 0 && symlink(inner.string, link.string) == 0)
        let file = try FileDescriptor.open(
            inner.appending(".assay-run"), .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        try file.close()
        #expect(!ScratchDirectory.isAbandoned(link, grace: .zero))
        #expect(ScratchDirectory.isAbandoned(inner, grace: .zero))
    }
}
