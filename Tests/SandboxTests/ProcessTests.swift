import Evidence
import Files
import Glibc
import Processes
import Sandbox
import SystemPackage
import TestSupport
import Testing

/// Facts about the whole process: each test body runs in a process of its own.
@Suite("The process that launches", .serialized) struct ProcessTests {
    @Test("two hundred launches leave no descriptor, whether they start or not") func descriptors() async {
        await #expect(processExitsWith: .success) {
            func count() -> Int {
                guard let directory = opendir("/proc/self/fd") else { return -1 }
                defer { closedir(directory) }
                var count = 0
                while readdir(directory) != nil { count += 1 }
                return count
            }
            let absent = Launch(path: "/does/not/exist", arguments: ["x"], venue: .direct, timeout: .seconds(5))
            let kinds: [Launch] = [
                .shell("echo out; echo err >&2"), absent,
                absent.with { ($0.venue, $0.root) = (.container, "/does/not/exist") },
                absent.with { ($0.venue, $0.root) = (.chroot, "/does/not/exist") },
                .shell("true").with { $0.directory = "/does/not/exist" },
                .shell("sleep 9", timeout: .milliseconds(5)),
                .shell("kill -9 $PPID"), .shell("sleep 1 & exit 1"),
            ]
            _ = Supervisor(jobs: 2).run(kinds)
            let before = count()
            let launches = (0..<200).map { kinds[$0 % kinds.count] }
            let ended = Supervisor(jobs: 4).run(launches)
            #expect(ended.count == 200)
            #expect(count() == before)
            // Nor a process: waitpid(2) has nobody to wait for.
            #expect(waitpid(-1, nil, WNOHANG) == -1 && errno == ECHILD)
        }
    }

    @Test("when it is killed outright, the trees that it started are killed") func sigkill() async throws {
        let result = await #expect(
            processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]
        ) {
            let token = Token()
            print("token \(token)")
            fflush(nil)
            let script = "sleep \(token) & setsid sleep \(token) & (setsid sleep \(token) &) ; echo up; sleep \(token)"
            _ = Supervisor(jobs: 1).run(
                [.shell(script)],
                onOutput: { _, _ in
                    let count = token.settled(count: 5).count
                    print("alive \(count)")
                    fflush(nil)
                    kill(getpid(), SIGKILL)
                })
        }
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        let line = try #require(output.split(separator: "\n").first { $0.hasPrefix("token ") })
        #expect(output.contains("alive 5"), "the tree was never there: \(output)")
        #expect(Token(String(line.dropFirst(6))).settled(count: 0).isEmpty)
    }

    @Test("SIGTERM ends what runs and what waits, and is remembered") func interrupt() async {
        await #expect(processExitsWith: .success) {
            #expect(Interrupt.descriptor == -1)
            signal(SIGTERM, SIG_DFL)
            try Interrupt.install()
            #expect(Interrupt.signal == nil && Interrupt.exitStatus == nil)
            let token = Token()
            let script = "setsid sleep \(token) & echo up; sleep \(token)"
            var told = false
            let ended = Supervisor(jobs: 2).run(
                [.shell("exit 3"), .shell(script), .shell(script), .shell("exit 0")],
                onOutput: { index, _ in
                    if !told && index == 2 { kill(getpid(), SIGTERM) }
                    told = told || index == 2
                })
            #expect(ended.map(\.reason) == [.exited(3), .interrupted, .interrupted, .interrupted])
            #expect(token.alive.isEmpty)
            #expect(Interrupt.exitStatus == 143)
            // It stays so: nothing is begun any more.
            #expect(run(.shell("exit 0")).reason == .interrupted)
        }
    }

    @Test("a signal that comes before the first launch keeps it from starting") func earlyInterrupt() async {
        await #expect(processExitsWith: .success) {
            signal(SIGINT, SIG_DFL)
            try Interrupt.install()
            kill(getpid(), SIGINT)
            // Another thread may be the one that takes it.
            while Interrupt.signal == nil { usleep(1000) }
            var started = false
            let ended = Supervisor(jobs: 1).run([.shell("exit 0")], onStart: { _ in started = true })
            #expect(ended[0].reason == .interrupted && !started)
            #expect(Interrupt.exitStatus == 130)
        }
    }

    @Test("a signal that is ignored, as nohup has it, stays ignored") func ignored() async {
        await #expect(processExitsWith: .success) {
            signal(SIGHUP, SIG_IGN)
            signal(SIGINT, SIG_DFL)
            try Interrupt.install()
            kill(getpid(), SIGHUP)
            #expect(run(.shell("exit 3")).reason == .exited(3))
            #expect(Interrupt.signal == nil)
            kill(getpid(), SIGINT)
            while Interrupt.signal == nil { usleep(1000) }
            #expect(Interrupt.signal == SIGINT)
        }
    }

    @Test("a scratch directory is below TMPDIR, private and new each time") func scratch() async {
        await #expect(processExitsWith: .success) {
            let base = try ScratchDirectory.make()
            setenv("TMPDIR", base.string, 1)
            let (one, two) = (try ScratchDirectory.make(), try ScratchDirectory.make())
            #expect(one != two && one.removingLastComponent() == base && two.removingLastComponent() == base)
            var status = stat()
            #expect(stat(one.string, &status) == 0 && status.st_mode & 0o7777 == 0o700)
            for path in [one, two, base] { #expect(rmdir(path.string) == 0) }
            #expect(throws: Errno.noSuchFileOrDirectory) { try ScratchDirectory.make() }
            for unset in [{ setenv("TMPDIR", "", 1) }, { unsetenv("TMPDIR") }] {
                _ = unset()
                let usual = try ScratchDirectory.make()
                #expect(usual.removingLastComponent() == "/tmp" && rmdir(usual.string) == 0)
            }
        }
    }
}
