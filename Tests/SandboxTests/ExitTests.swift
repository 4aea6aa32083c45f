import Evidence
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("How a program ended") struct ExitTests {
    @Test("an exit status is reported exactly", arguments: [0, 1, 2, 63, 126, 127, 128, 255] as [Int32])
    func status(_ status: Int32) {
        let ended = run(.shell("exit \(status)"))
        #expect(ended.reason == .exited(status))
        #expect(ended.started != nil)
    }

    @Test(
        "a signal is reported as that signal, not as a status",
        arguments: [SIGTERM, SIGKILL, SIGSEGV, SIGABRT, SIGILL, SIGALRM])
    func signal(_ signal: Int32) {
        #expect(run(.shell("kill -\(signal) $$")).reason == .signalled(signal))
    }

    @Test("a child's own exit status does not leak into the program's") func childStatus() {
        #expect(run(.shell("(exit 9); (kill -9 $(exec sh -c 'echo $PPID')) ; exit 4")).reason == .exited(4))
    }

    @Test("every launch has its own end, in the order in which they were given") func order() {
        let launches = (0..<12).map { Launch.shell("sleep 0.\($0 % 3); echo \($0); exit \($0)") }
        let ended = Supervisor(jobs: 4).run(launches)
        #expect(ended.map(\.reason) == (0..<12).map { .exited($0) })
        #expect(ended.map(\.output.text) == (0..<12).map { "\($0)\n" })
    }

    @Test("peak memory and the time until exec are measured") func measures() throws {
        let ended = run(.shell("sleep 0.2"))
        let started = try #require(ended.started)
        #expect(ended.peakMemory > 100 << 10)
        #expect(started > .zero && started < ended.duration)
        #expect(ended.duration >= .milliseconds(200))
    }
}

@Suite("A program that never started is not an exit status") struct NotStartedTests {
    private func failure(_ launch: Launch) -> StartFailure? {
        let ended = run(launch)
        #expect(ended.started == nil)
        #expect(ended.output.bytes.isEmpty)
        guard case .notStarted(let failure) = ended.reason else {
            Issue.record("expected notStarted, found \(ended.reason)")
            return nil
        }
        return failure
    }

    private func file(_ text: String, mode: String, _ body: (FilePath) throws -> Void) throws {
        let made = run(.shell("f=$(mktemp) && printf '%s' '\(text)' >$f && chmod \(mode) $f && printf %s $f"))
        let path = FilePath(made.output.text)
        defer { unlink(path.string) }
        try body(path)
    }

    private func launch(_ path: FilePath) -> Launch {
        Launch(path: path, arguments: ["x"], venue: .direct, timeout: .seconds(10))
    }

    @Test("a program that is missing: execve's ENOENT") func missing() {
        #expect(failure(launch("/does/not/exist")) == StartFailure(stage: .program, error: ENOENT))
    }

    @Test("a program without an x bit: EACCES, for root too") func notExecutable() throws {
        try file("#!/bin/sh\nexit 0\n", mode: "644") {
            #expect(failure(launch($0)) == StartFailure(stage: .program, error: EACCES))
        }
    }

    @Test("a file of no known format: ENOEXEC, and no shell steps in for it") func unknownFormat() throws {
        try file("echo a shell ran this\n", mode: "755") {
            #expect(failure(launch($0)) == StartFailure(stage: .program, error: ENOEXEC))
        }
    }

    @Test("a script whose interpreter is missing: ENOENT about a file that is there") func missingInterpreter() throws {
        try file("#!/does/not/exist\n", mode: "755") {
            #expect(failure(launch($0)) == StartFailure(stage: .program, error: ENOENT))
        }
    }

    @Test("a directory that is missing is told apart from the program") func missingDirectory() {
        let launch = Launch.shell("true").with { $0.directory = "/does/not/exist" }
        #expect(failure(launch) == StartFailure(stage: .directory, error: ENOENT))
    }

    @Test("a missing root is told apart too", .enabled(if: Here.mayMakeContainers, "needs user namespaces"))
    func missingRoot() {
        let launch = Launch(
            path: "/bin/sh", arguments: ["sh"], venue: .container, root: "/does/not/exist", timeout: .seconds(10))
        #expect(failure(launch) == StartFailure(stage: .mount, error: ENOENT))
        // The one call that failed, not those that may have.
        #expect(failure(launch)?.call == "mount")
    }

    @Test(
        "a program missing below the root is the program's failure",
        .enabled(if: Here.mayMakeContainers, "needs user namespaces"))
    func missingBelowRoot() throws {
        let tree = try RootTree()
        let launch = tree.shell("true").with { $0.path = "/usr/bin/env" }
        #expect(failure(launch) == StartFailure(stage: .program, error: ENOENT))
    }

    @Test("a mount namespace that is refused", .enabled(if: !Here.isPrivileged, "the caller may make mount namespaces"))
    func refusedNamespace() {
        let launch = Launch(path: "/bin/sh", arguments: ["sh"], venue: .chroot, root: "/", timeout: .seconds(10))
        #expect(failure(launch) == StartFailure(stage: .namespaces, error: EPERM))
    }

    @Test("an identity that is refused", .enabled(if: !Here.isRoot, "root may become anybody"))
    func refusedIdentity() {
        #expect(
            failure(.shell("true").with { $0.identity = (1, 1) }) == StartFailure(stage: .identity, error: EPERM))
    }

    @Test("the words name the step, the errno's symbol and its text")
    func words() {
        #expect(
            StartFailure(stage: .program, error: ENOEXEC).description
                == "executing the program (execve): ENOEXEC (Exec format error)")
        #expect(StartFailure(stage: .mount, error: EBUSY).description.hasSuffix("(errno \(EBUSY))"))
        let all = StartStage.allCases.map { StartFailure(stage: $0, error: EPERM).description }
        #expect(Set(all).count == StartStage.allCases.count)
    }
}
