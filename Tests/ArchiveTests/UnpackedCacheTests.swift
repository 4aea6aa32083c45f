import Archive
import Files
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite struct UnpackedCacheTests {
    private static let image: [UInt8] = {
        var tar = TarBuilder()
        tar.directory("./")
        tar.directory("usr/bin", mode: 0o755)
        tar.file("usr/bin/tool", (0..<50_000).map { UInt8(truncatingIfNeeded: $0 / 7) }, mode: 0o755)
        tar.symbolicLink("bin", to: "usr/bin")
        tar.file("bin/second", "through a link", mode: 0o644)
        tar.hardLink("usr/bin/alias", to: "usr/bin/tool")
        tar.file("implied/directory/file", "x")
        tar.file("etc/shadow", "x", mode: 0)
        tar.directory("closed", mode: 0)
        tar.file("closed/file", "x", mode: 0o200)
        return SystemTool.filter(tar.finished, through: "gzip -nc")
    }()

    /// Tells a file from one that was there before: a number alone may be given again.
    private static func inode(_ path: FilePath) -> String? {
        var status = stat()
        return lstat(path.string, &status) == 0
            ? "\(status.st_ino) \(status.st_ctim.tv_sec) \(status.st_ctim.tv_nsec)" : nil
    }

    @Test func aTreeIsUnpackedOnceAndThenReused() throws {
        let scratch = Scratch()
        let cache = UnpackedCache(directory: scratch.path.appending("new/cache"))
        let first = try cache.tree(of: Self.image, name: "core")
        #expect(first.string.hasSuffix("/new/cache/core-\(SHA256.hexadecimal(Self.image))/rootfs"))
        let inode = Self.inode(first)
        #expect(try cache.tree(of: Self.image, name: "core") == first)
        #expect(Self.inode(first) == inode)
        #expect(scratch.names(in: "new/cache").count == 1)
        let file = scratch.write(Self.image, to: "core.tar.gz")
        #expect(try cache.tree(ofFile: file, name: "core") == first)
        #expect(Self.inode(first) == inode)
    }

    @Test(arguments: [
        "echo x >> usr/bin/tool", "printf y | dd of=usr/bin/tool bs=1 seek=40000 conv=notrunc status=none",
        "chmod 700 usr/bin/tool", "chmod 700 implied", "rm usr/bin/alias", "rm bin; ln -s usr bin", "touch usr/extra",
        "mkdir extra", "rm usr/bin/alias; cp -p usr/bin/tool usr/bin/alias", "rm -r implied",
        "mv usr/bin/tool x; mv x usr/bin/other; ln -s other usr/bin/tool", "rm -r ../rootfs", "chmod 777 ..",
        "chmod 0 etc/shadow", "chmod 0 closed", "chmod 0 usr", "chmod 0 .",
    ])
    func aTreeThatChangedIsUnpackedAgain(change: String) throws {
        let scratch = Scratch()
        let cache = UnpackedCache(directory: scratch.path.appending("cache"))
        let tree = try cache.tree(of: Self.image, name: "core")
        #expect(SystemTool.shell("cd '\(tree)' && \(change)"))
        let damaged = Self.inode(tree.removingLastComponent())
        #expect(try cache.tree(of: Self.image, name: "core") == tree)
        #expect(Self.inode(tree.removingLastComponent()) != damaged)
        let repaired = Self.inode(tree)
        _ = try cache.tree(of: Self.image, name: "core")
        #expect(Self.inode(tree) == repaired)
        #expect(scratch.names(in: "cache").count == 1)
    }

    @Test func manyAtOnceGetOneGoodTree() async throws {
        let scratch = Scratch()
        let cache = UnpackedCache(directory: scratch.path.appending("cache"))
        let trees = try await withThrowingTaskGroup(of: FilePath.self) { group in
            for _ in 0..<24 { group.addTask { try cache.tree(of: Self.image, name: "core") } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1.string) }
        }
        #expect(trees.count == 1)
        #expect(scratch.names(in: "cache").count == 1)
    }

    @Test func aDirectoryThatOthersCanWriteToIsRefusedByName() throws {
        let scratch = Scratch()
        #expect(SystemTool.shell("mkdir -p '\(scratch.path)/open/cache' && chmod 777 '\(scratch.path)/open'"))
        let error = #expect(throws: ArchiveError.self) {
            try UnpackedCache(directory: scratch.path.appending("open/cache")).tree(of: Self.image, name: "core")
        }
        #expect(error?.code == .io)
        #expect(error?.archive.hasSuffix("/open") == true)
        #expect(scratch.names(in: "open/cache").isEmpty)
    }

    @Test func aLinkThroughADirectoryThatOthersCanWriteToIsRefused() throws {
        let scratch = Scratch()
        #expect(
            SystemTool.shell(
                "cd '\(scratch.path)' && mkdir open good && chmod 777 open && ln -s ../good open/link && ln -s open/link cache"
            ))
        #expect(throws: ArchiveError.self) {
            try UnpackedCache(directory: scratch.path.appending("cache")).tree(of: Self.image, name: "core")
        }
        #expect(SystemTool.shell("cd '\(scratch.path)' && ln -sfn good cache"))
        let tree = try UnpackedCache(directory: scratch.path.appending("cache")).tree(of: Self.image, name: "core")
        #expect(tree.string.contains("/good/core-"))
    }

    @Test(.enabled(if: Here.isRoot, "only root can give a directory to another user"))
    func anotherUsersDirectoryIsRefused() throws {
        let scratch = Scratch()
        #expect(SystemTool.shell("mkdir '\(scratch.path)/theirs' && chown 12345 '\(scratch.path)/theirs'"))
        #expect(throws: ArchiveError.self) {
            try UnpackedCache(directory: scratch.path.appending("theirs")).tree(of: Self.image, name: "core")
        }
        // Nor is anything made in it, or through its links.
        #expect(
            SystemTool.shell(
                "cd '\(scratch.path)' && mkdir mine && ln -s ../mine theirs/link && chown -h 12345 theirs/link"))
        for place in ["theirs/deep/cache", "theirs/link/cache"] {
            #expect(throws: ArchiveError.self) {
                try UnpackedCache(directory: scratch.path.appending(place)).tree(of: Self.image, name: "core")
            }
        }
        #expect(scratch.names(in: "theirs") == ["link"])
        #expect(scratch.names(in: "mine").isEmpty)
    }

    @Test(
        .enabled(if: Here.isRoot, "only root can give a file to another user"),
        arguments: [
            "chown 12345 usr/bin/tool", "chown -h 12345 bin", "chown 12345 usr/bin", "chown 12345 .", "chown 12345 ..",
            "chmod 4755 usr/bin/tool", "setcap cap_net_raw+ep usr/bin/tool",
        ])
    func aTreeWithAnotherOwnerOrMoreRightsIsUnpackedAgain(change: String) throws {
        let scratch = Scratch()
        let cache = UnpackedCache(directory: scratch.path.appending("cache"))
        let tree = try cache.tree(of: Self.image, name: "core")
        let damaged = Self.inode(tree.removingLastComponent())
        guard SystemTool.shell("cd '\(tree)' && \(change)") else {
            print("skipped: \(change) is not possible here")
            return
        }
        #expect(try cache.tree(of: Self.image, name: "core") == tree)
        #expect(Self.inode(tree.removingLastComponent()) != damaged)
    }

    @Test func aCorruptArchiveLeavesTheCacheEmpty() {
        let scratch = Scratch()
        let cache = UnpackedCache(directory: scratch.path.appending("cache"))
        #expect(throws: ArchiveError.self) { try cache.tree(of: Array(Self.image.dropLast(20)), name: "core") }
        #expect(scratch.names(in: "cache").isEmpty)
    }

    @Test func whatAProcessThatWasKilledHadBegunIsRemovedAndWhatIsBeingMadeIsNot() throws {
        let scratch = Scratch()
        let cache = UnpackedCache(directory: scratch.path.appending("cache"))
        _ = try cache.tree(of: Self.image, name: "core")
        let digest = SHA256.hexadecimal(Self.image)
        #expect(
            SystemTool.shell(
                "cd '\(scratch.path)/cache' && mkdir -p .other-\(digest).dead/rootfs/usr .core-\(digest).dead.old0 .core-\(digest).lives .mine"
            ))
        let lives = scratch.path.appending("cache/.core-\(digest).lives")
        guard case .taken(let lock) = DirectoryLock.attempt(lives) else { throw Errno.noLocks }
        _ = try cache.tree(of: Self.image, name: "core")
        #expect(scratch.names(in: "cache").sorted() == [".core-\(digest).lives", ".mine", "core-\(digest)"])
        lock.release()
        // A child that another test starts at this moment holds the lock, too, until it executes its program.
        for _ in 0..<200 {
            _ = try cache.tree(of: Self.image, name: "core")
            if !scratch.names(in: "cache").contains(".core-\(digest).lives") { break }
            usleep(20_000)
        }
        #expect(scratch.names(in: "cache").sorted() == [".mine", "core-\(digest)"])
    }
}
