import Archive
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Sandbox

@Suite("Whose a scratch directory is") struct ScratchDirectoryTests {
    /// What a process leaves that is no more: a directory of the name, which nobody has locked.
    private func left(in directory: FilePath) throws -> FilePath {
        try ScratchDirectory(in: directory, prefix: ScratchDirectory.runPrefix).path
    }

    @Test("one that is claimed is not abandoned while its process lives, and one of another name never is")
    func claimed() throws {
        let other = try ScratchDirectory()
        defer { try? TreeRemover.removeTree(other.path) }
        #expect(ScratchDirectory.abandoned(other.path) == nil, "never claimed: not one of ours")
        let directory = try ScratchDirectory.claim(in: other.path)
        #expect(ScratchDirectory.abandoned(directory.path) == nil)
        ScratchDirectory.disclaim(directory.path)
        let lock = try #require(ScratchDirectory.abandoned(directory.path))
        #expect(ScratchDirectory.abandoned(directory.path) == nil, "somebody removes it already")
        lock.release()
    }

    @Test("one that could not be locked is not abandoned, not even for who can lock it") func unlocked() throws {
        let parent = try ScratchDirectory()
        defer { try? TreeRemover.removeTree(parent.path) }
        let made = without("flock", ENOLCK) { Result { try ScratchDirectory.claim(in: parent.path) } }
        let directory = try #require(made, "no filter can be had here").get()
        #expect(ScratchDirectory.abandoned(directory.path) == nil)
    }

    @Test("one whose process was killed is abandoned at once, and one that somebody wants to keep is not")
    func killed() throws {
        let parent = try ScratchDirectory()
        defer { try? TreeRemover.removeTree(parent.path) }
        let directory = try left(in: parent.path)
        let lock = try #require(ScratchDirectory.abandoned(directory))
        lock.release()
        ScratchDirectory.keep(directory)
        #expect(ScratchDirectory.abandoned(directory) == nil)
    }

    @Test("one whose process was killed is not abandoned as long as a monitor of that lives") func monitors() throws {
        let parent = try ScratchDirectory()
        defer { try? TreeRemover.removeTree(parent.path) }
        let directory = try ScratchDirectory.claim(in: parent.path)
        var isHeld = false
        _ = Supervisor(jobs: 1).run(
            [.shell("echo; sleep 0.3")],
            onOutput: { _, _ in
                ScratchDirectory.disclaim(directory.path)
                isHeld = ScratchDirectory.abandoned(directory.path) == nil
            })
        #expect(isHeld)
        try #require(ScratchDirectory.abandoned(directory.path)).release()
    }

    @Test("one that is removed before it is locked is made again: claims and clearing do not disturb each other")
    func race() throws {
        let parent = try ScratchDirectory()
        defer { try? TreeRemover.removeTree(parent.path) }
        let script = "while [ ! -e '\(parent.path)/stop' ]; do rmdir '\(parent.path)'/assay-run-* 2>/dev/null; done"
        let gate = parent.path.appending("stop").string
        _ = Supervisor(jobs: 1).run(
            [.shell("echo; \(script)")],
            onOutput: { _, _ in
                for _ in 0..<300 {
                    guard let claimed = try? ScratchDirectory.claim(in: parent.path) else { continue }
                    // From here on it is locked, and who asks before removing leaves it; this one does not ask.
                    try? TreeRemover.removeTree(claimed.path)
                    ScratchDirectory.disclaim(claimed.path)
                }
                close(open(gate, O_WRONLY | O_CREAT, 0o600))
            })
        unlink(gate)
        #expect(rmdir(parent.path.string) == 0, "no directory is left behind by a claim that had to be made again")
    }

    @Test("a link to one is not one") func link() throws {
        let directory = try ScratchDirectory()
        defer { try? TreeRemover.removeTree(directory.path) }
        let inner = try left(in: directory.path)
        let link = directory.path.appending("\(ScratchDirectory.runPrefix)link")
        #expect(symlink(inner.string, link.string) == 0)
        #expect(ScratchDirectory.abandoned(link) == nil)
        try #require(ScratchDirectory.abandoned(inner)).release()
    }
}
