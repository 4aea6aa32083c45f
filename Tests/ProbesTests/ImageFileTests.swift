import Archive
import Files
import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import Probes

@Suite("What an unpacked image says about itself") struct ImageFileTests {
    /// An image's root with `etc` and `usr/share/assay` in it, and `outside` beside it.
    private func inTree(_ body: (_ root: FilePath, _ outside: FilePath) throws -> Void) throws {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        for directory in ["root", "root/etc", "root/usr", "root/usr/share", "root/usr/share/assay", "outside"] {
            try #require(mkdir(scratch.appending(directory).string, 0o755) == 0)
        }
        try body(scratch.appending("root"), scratch.appending("outside"))
    }

    private func write(_ text: String, to path: FilePath) throws {
        try WholeFile.write(text.utf8, to: path, .any)
    }

    @Test("its links lead to its own files") func inside() throws {
        try inTree { root, _ in
            try write("patience=7\n", to: root.appending("etc/said"))
            try #require(symlink("/etc/said", root.appending("etc/assay-image").string) == 0)
            #expect(ImageTraits(root: root).timeFactor == 7)
            #expect(!ImageTraits(root: root).needsRoot)
            try write("", to: root.appending("usr/share/assay/programs"))
            #expect(ImageTraits(root: root).needsRoot)
        }
    }

    @Test("no link leads out of it, be it to a pipe on which nothing comes", .timeLimit(.minutes(1)))
    func outside() throws {
        try inTree { root, outside in
            let pipe = outside.appending("pipe").string
            try #require(mkfifo(pipe, 0o600) == 0)
            try #require(symlink(pipe, root.appending("etc/assay-image").string) == 0)
            let programs = outside.appending("programs")
            try write("", to: programs)
            try #require(symlink(programs.string, root.appending("usr/share/assay/programs").string) == 0)
            #expect(ImageTraits(root: root) == ImageTraits(root: "/does/not/exist"))
            let catalogue = outside.appending("probes.json")
            try write("[]", to: catalogue)
            try #require(symlink(catalogue.string, root.appending("usr/share/assay/probes.json").string) == 0)
            let error = #expect(throws: ArchiveError.self) {
                try ProbeDescription.catalogue(root: root, image: "mine")
            }
            #expect(error?.code == .corrupt)
        }
    }

    @Test("a pipe in it is no catalogue, and is not waited for", .timeLimit(.minutes(1))) func pipe() throws {
        try inTree { root, _ in
            try #require(mkfifo(root.appending("usr/share/assay/probes.json").string, 0o600) == 0)
            #expect(throws: ArchiveError.self) { try ProbeDescription.catalogue(root: root, image: "mine") }
        }
    }
}
