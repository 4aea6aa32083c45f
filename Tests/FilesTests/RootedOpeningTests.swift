import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite("Paths below a root, by openat2 and by the older calls") struct RootedOpeningTests {
    private static let paths = [
        "a/b/file", "a/../a/b/file", "a/b/../../../../etc/passwd", "../../../../etc/passwd", "/a/b/file", "out",
        "out/passwd", "abs", "abs2/file",
        "loop", "dangling", "a/nothing", "a/b/file/x", "a/up", "deep", "a/b", ".", "a/.", "dirlink", "dirlink/file",
        "slash", "fileslash", "a/b/file/", "chain40",
        "chain41", "closed/file", "fifo", "magic", String(repeating: "x", count: 300),
        String(repeating: "a/../", count: 900) + "a/b/file", "",
    ]

    /// What came of each path: the inode, or the errno.
    private static func outcomes(_ root: String, _ flags: Int32) -> [String] {
        let directory = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(directory) }
        return paths.map { path in
            guard let opened = RootedOpening.open(Array(path.utf8), below: directory, flags: flags | O_CLOEXEC) else {
                return "\(path.prefix(60)): \(Errno(rawValue: errno))"
            }
            return "\(path.prefix(60)): inode \(opened.status?.st_ino ?? 0)"
        }
    }

    @Test(
        "lead to the same files, and fail for the same reasons",
        arguments: [
            O_RDONLY | O_NONBLOCK, O_RDONLY | O_DIRECTORY, O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
            O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
        ], [ENOSYS, EPERM])
    func same(flags: Int32, error: Int32) throws {
        let folder = Scratch()
        folder.shell(
            """
            mkdir -p a/b etc closed; echo x >a/b/file; echo own >etc/passwd; echo x >closed/file; mkfifo fifo
            ln -s /etc out; ln -s /a/b/file abs; ln -s /a/b abs2; ln -s loop loop; ln -s nowhere dangling; ln -s ../../../../etc/passwd a/up
            ln -s a/b dirlink; ln -s a/b/ slash; ln -s a/b/file/ fileslash; ln -s ../a/../a/./b/file deep; ln -s /proc/self/root magic
            ln -s a/b/file chain1; for n in $(seq 2 41); do ln -s chain$((n - 1)) chain$n; done
            """)
        let root = folder.path.string
        let usual = Self.outcomes(root, flags)
        #expect(without("openat2", error) { Self.outcomes(root, flags) } == usual)
        // Sanity: some of them are found, and nothing of the host's.
        var status = stat()
        stat("/etc/passwd", &status)
        #expect(usual.contains { $0.contains("inode") } && !usual.contains { $0.hasSuffix("inode \(status.st_ino)") })
    }

    @Test(
        "a mount point is not entered", .enabled(if: Here.isRoot, "only root can mount"),
        arguments: [0, ENOSYS, EPERM])
    func crossing(error: Int32) throws {
        let folder = Scratch()
        // A mount of the same file system, which no device number tells.
        folder.shell("mkdir top top/plain top/bound other; mount --bind other top/bound")
        defer { folder.shell("umount top/bound") }
        let top = folder["top"].string
        let results = { @Sendable () -> [Int32] in
            let directory = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(directory) }
            return ["plain", "bound"].map { name in
                RootedOpening.enter(Array(name.utf8), in: directory) == nil ? errno : 0
            }
        }
        #expect((error == 0 ? results() : without("openat2", error, results)) == [0, EXDEV])
    }
}
