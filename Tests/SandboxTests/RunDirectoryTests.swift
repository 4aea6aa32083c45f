import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Sandbox

@Suite("Whose a run's directory is") struct RunDirectoryTests {
    /// What a process leaves when it is gone: a directory of that name which nobody has locked.
    private func left(in directory: FilePath) throws -> FilePath {
        try ScratchDirectory.make(in: directory, prefix: RunDirectory.prefix)
    }

    @Test("one that is claimed is not abandoned while its process lives, and one of another name never is")
    func claimed() throws {
        let other = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(other) }
        #expect(RunDirectory.abandoned(other) == nil, "never claimed: not one of ours")
        let directory = try RunDirectory.claim(in: other)
        #expect(RunDirectory.abandoned(directory) == nil)
        RunDirectory.disclaim(directory)
        let lock = try #require(RunDirectory.abandoned(directory))
        #expect(RunDirectory.abandoned(directory) == nil, "somebody removes it already")
        lock.release()
    }

    @Test("one that could not be locked is not abandoned, not even for who can lock it") func unlocked() throws {
        let parent = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(parent) }
        let made = without("flock", ENOLCK) { Result { try RunDirectory.claim(in: parent) } }
        let directory = try #require(made, "no filter can be had here").get()
        #expect(RunDirectory.abandoned(directory) == nil)
    }

    @Test("one whose process was killed is abandoned at once, and one that somebody wants to keep is not")
    func killed() throws {
        let parent = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(parent) }
        let directory = try left(in: parent)
        let lock = try #require(RunDirectory.abandoned(directory))
        lock.release()
        RunDirectory.keep(directory)
        #expect(RunDirectory.abandoned(directory) == nil)
    }

    @Test("one whose process was killed is not abandoned as long as a monitor of that lives") func monitors() throws {
        let parent = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(parent) }
        // A monitor holds the lock of the newest directory, which may be that of a test beside this one: try again then.
        let held = try (0..<20).first { attempt in
            let directory = try RunDirectory.claim(in: parent)
            var isHeld = false
            // It lives until it was looked at, however busy the machine is.
            let gate = parent.appending("gate\(attempt)").string
            _ = Supervisor(jobs: 1).run(
                [.shell("echo; while [ ! -e '\(gate)' ]; do sleep 0.02; done")],
                onOutput: { _, _ in
                    RunDirectory.disclaim(directory)
                    let lock = RunDirectory.abandoned(directory)
                    isHeld = lock == nil
                    lock?.release()
                    close(open(gate, O_WRONLY | O_CREAT, 0o600))
                })
            try #require(RunDirectory.abandoned(directory)).release()
            return isHeld
        }
        #expect(held != nil)
    }

    @Test("one that is removed before it is locked is made again: claims and clearing do not disturb each other")
    func race() throws {
        let parent = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(parent) }
        let script = "while [ ! -e '\(parent)/stop' ]; do rmdir '\(parent)'/assay-run-* 2>/dev/null; done"
        let gate = parent.appending("stop").string
        _ = Supervisor(jobs: 1).run(
            [.shell("echo; \(script)")],
            onOutput: { _, _ in
                for _ in 0..<300 {
                    guard let claimed = try? RunDirectory.claim(in: parent) else { continue }
                    // From here on it is locked, and who asks before removing leaves it; this one does not ask.
                    try? TreeRemover.removeTree(claimed)
                    RunDirectory.disclaim(claimed)
                }
                close(open(gate, O_WRONLY | O_CREAT, 0o600))
            })
        unlink(gate)
        #expect(rmdir(parent.string) == 0, "no directory is left behind by a claim that had to be made again")
    }

    @Test("a link to one is not one") func link() throws {
        let directory = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(directory) }
        let inner = try left(in: directory)
        let link = directory.appending("\(RunDirectory.prefix)link")
        #expect(symlink(inner.string, link.string) == 0)
        #expect(RunDirectory.abandoned(link) == nil)
        try #require(RunDirectory.abandoned(inner)).release()
    }
}
