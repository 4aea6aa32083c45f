import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Sandbox

@Suite("A cgroup of a launch's own") struct TreeGroupTests {
    private static let isPossible: Bool = {
        guard let group = TreeGroup() else { return false }
        return group.end(within: .seconds(1)) == 0
    }()

    @Test(
        "holds what has left session and monitor, and is gone with it",
        .enabled(if: isPossible, "needs a cgroup that this caller may make"), arguments: ["kill -KILL $PPID", "exit 3"])
    func holds(last: String) {
        let token = Token()
        let ended = run(
            .shell("cat /proc/self/cgroup; setsid sleep \(token) & (setsid sleep \(token) &); \(last); sleep \(token)")
                .with { $0.isForeign = true })
        #expect(ended.reason == (last == "exit 3" ? .exited(3) : .lost))
        #expect(ended.output.text.contains("-tree-"))
        #expect(token.alive.isEmpty)
        let name = ended.output.text.split { $0 == "/" || $0 == "\n" }.first { $0.contains("-tree-") } ?? ""
        #expect(run(.shell("find /sys/fs/cgroup -name '\(name)'")).output.bytes.isEmpty)
    }

    @Test(
        "of a run that was killed and is forgotten is removed by the next, and one that is in use is not",
        .enabled(if: isPossible, "needs a cgroup that this caller may make"))
    func forgotten() throws {
        let group = try #require(TreeGroup())
        defer { _ = group.end(within: .seconds(1)) }
        let parent = FilePath(group.directory).removingLastComponent()
        let dead = parent.appending("\(RunDirectory.prefix)test\(getpid())-tree-1").string
        let held = parent.appending("\(RunDirectory.prefix)test\(getpid())-tree-2")
        #expect(mkdir(dead, 0o755) == 0 && mkdir(held.string, 0o755) == 0)
        defer { rmdir(held.string) }
        guard case .taken(let lock) = DirectoryLock.attempt(held) else { throw Errno.noLocks }
        defer { lock.release() }
        _ = try #require(TreeGroup()).end(within: .seconds(1))
        #expect(access(dead, F_OK) != 0 && access(held.string, F_OK) == 0)
        #expect(access(group.directory, F_OK) == 0)
    }

    @Test(
        "is emptied with what forks as fast as it can, inside a limit of its own",
        .enabled(
            if: isPossible && access("/sys/fs/cgroup/pids/cgroup.procs", W_OK) == 0,
            "needs the pids controller of cgroups version 1"),
        arguments: [true, false])
    func bomb(isForeign: Bool) {
        let token = Token()
        let place = "/sys/fs/cgroup/pids/assay-test-\(getpid())-\(isForeign)"
        let ended = run(
            .shell(
                """
                mkdir '\(place)' && echo 300 >'\(place)/pids.max' && echo $$ >'\(place)/cgroup.procs' || exit 99
                exec perl -MPOSIX -e 'while (1) { fork; POSIX::setsid() }' \(token)
                """, timeout: .milliseconds(700)
            ).with { $0.isForeign = isForeign })
        #expect(ended.reason == .timedOut)
        #expect(token.alive.isEmpty)
        #expect(ended.duration < .seconds(8))
        for _ in 0..<200 where rmdir(place) != 0 && errno == EBUSY { usleep(5000) }
        #expect(access(place, F_OK) != 0, "processes are left in it")
    }
}
