import Glibc
import Sandbox
import TestSupport
import Testing

@Suite("Nothing outlives a launch", .serialized) struct TreeTests {
    /// A tree with every trick by which a process leaves its parent: background, new session, double fork, deaf to signals.
    private func family(_ token: Token) -> String {
        """
        sleep \(token) &
        setsid sleep \(token) &
        (setsid sh -c 'sleep \(token) & exit 0' &)
        setsid sh -c 'trap "" TERM INT HUP; sleep \(token); :' &
        (sh -c 'kill -STOP $$; : \(token)' &)
        """
    }

    @Test("the time limit kills the whole tree: sessions of their own, daemons and the stopped") func timeLimit() {
        let token = Token()
        var seen = 0
        let ended = Supervisor(jobs: 1).run(
            [.shell(family(token) + "\necho ready; sleep \(token)", timeout: .milliseconds(1500))],
            onOutput: { _, _ in seen = token.settled(count: 8).count })[0]
        #expect(seen == 8, "the tree was never there")
        #expect(ended.reason == .timedOut)
        #expect(ended.output.text == "ready\n")
        #expect(token.alive.isEmpty)
        #expect(ended.duration >= .milliseconds(1500))
    }

    @Test("the limit that passed is told, that of silence or that of the whole") func whichLimit() {
        let limits: [(whole: Duration, idle: Duration)] = [
            (.milliseconds(300), .seconds(9)), (.seconds(9), .milliseconds(300)),
        ]
        for (whole, idle) in limits {
            let ended = run(Launch.shell("sleep 1000", timeout: whole).with { $0.idleTimeout = idle })
            #expect(ended.reason == .timedOut && ended.limit == .milliseconds(300))
        }
        #expect(run(.shell("exit 0")).limit == nil)
    }

    @Test("what outlives the program is counted and killed, and does not change its status") func stragglers() {
        let token = Token()
        let ended = run(.shell("sleep \(token) & setsid sleep \(token) & (sleep \(token) &); exit 3"))
        #expect(ended.reason == .exited(3))
        #expect(ended.stragglers == 3)
        #expect(token.alive.isEmpty)
    }

    @Test("a program that tidies up after itself has no stragglers") func tidy() {
        #expect(run(.shell("sleep 0 & sleep 0 & wait; true")).stragglers == 0)
    }

    @Test("a straggler that holds the output open does not keep the launch from ending") func heldOutput() {
        let token = Token()
        let ended = run(.shell("echo first; sleep \(token) & exit 0"))
        #expect(ended.reason == .exited(0))
        #expect(ended.output.text == "first\n")
        #expect(ended.duration < .seconds(10))
        #expect(token.alive.isEmpty)
    }

    @Test("a chain that forks on while it is being killed is chased to its end") func chain() {
        let token = Token()
        let link = "n=$1; [ $n -gt 0 ] && setsid sh -c \"$0\" \"$0\" $((n - 1)) \(token) & sleep \(token)"
        var launch = Launch.shell("setsid sh -c \"$1\" \"$1\" 400 \(token) & sleep 0.1; exit 0")
        launch.arguments += ["sh", link]
        let ended = run(launch)
        #expect(ended.reason == .exited(0))
        #expect(ended.stragglers > 0)
        #expect(token.alive.isEmpty)
    }

    @Test("closed streams do not make a running program look ended") func closedStreams() {
        let ended = run(.shell("exec >&- 2>&-; sleep 0.3; exit 6"))
        #expect(ended.reason == .exited(6))
        #expect(ended.duration >= .milliseconds(300))
    }

    @Test(
        "in a container too the time limit kills everything",
        .enabled(if: Here.mayMakeContainers, "needs user namespaces"))
    func containerTimeLimit() throws {
        let token = Token()
        let tree = try RootTree()
        let script = "setsid sleep \(token) & (setsid sleep \(token) &); echo ready; sleep \(token)"
        var seen = 0
        let ended = Supervisor(jobs: 1).run(
            [tree.shell(script, timeout: .milliseconds(1500))],
            onOutput: { _, _ in seen = token.settled(count: 4).count })[0]
        #expect(seen == 4)
        #expect(ended.reason == .timedOut)
        #expect(token.alive.isEmpty)
    }

    @Test(
        "in a container what outlives the program goes with its pid namespace",
        .enabled(if: Here.mayMakeContainers, "needs user namespaces"))
    func containerStragglers() throws {
        let token = Token()
        let tree = try RootTree()
        let ended = run(tree.shell("sleep \(token) & (setsid sleep \(token) &); exit 8"))
        #expect(ended.reason == .exited(8))
        #expect(token.alive.isEmpty)
    }

    @Test("a monitor that is stopped is killed after the grace period, and the program with it") func stoppedMonitor() {
        let token = Token()
        var supervisor = Supervisor(jobs: 1)
        supervisor.grace = .milliseconds(300)
        let ended = supervisor.run(.shell("kill -STOP $PPID; exec sleep \(token)", timeout: .milliseconds(300)))
        #expect(ended.reason == .timedOut)
        #expect(token.settled(count: 0).isEmpty)
    }

    @Test("a monitor that is killed from outside is lost, and the program goes with it") func killedMonitor() {
        let token = Token()
        let ended = run(.shell("kill -KILL $PPID; exec sleep \(token)"))
        #expect(ended.reason == .lost)
        #expect(token.settled(count: 0).isEmpty)
    }

    /// A program that does something to its monitor, and has 60 children in sessions of their own, deaf to SIGTERM and stopped some of them.
    private func crowd(_ token: Token, _ first: String) -> String {
        """
        trap '' TERM INT HUP
        i=0; while [ $i -lt 20 ]; do
            i=$((i + 1)); setsid sleep \(token) & (setsid sleep \(token) &); (sh -c 'kill -STOP $$; : \(token)' &)
        done
        \(first); exec sleep \(token)
        """
    }

    @Test(
        "60 processes of a monitor that is stopped, or killed, go all the same, and with them what holds the output",
        arguments: ["kill -STOP $PPID", "kill -KILL $PPID", "sleep 0.2; kill -STOP $PPID; kill -STOP $$"])
    func crowds(first: String) {
        let token = Token()
        var supervisor = Supervisor(jobs: 1)
        supervisor.grace = .milliseconds(300)
        let begun = ContinuousClock.now
        let ended = supervisor.run(.shell(crowd(token, first), timeout: .seconds(2)))
        #expect(ended.reason == (first.contains("KILL") ? .lost : .timedOut))
        #expect(token.alive.isEmpty)
        #expect(begun.duration(to: .now) < .seconds(10))
    }

    @Test("children of other code in this process are neither killed nor reaped") func others() throws {
        let token = Token()
        var before = pid_t(0)
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("\(token)"), nil]
        defer { for argument in arguments { free(argument) } }
        try #require(posix_spawnp(&before, "sleep", nil, nil, &arguments, nil) == 0)
        #expect(run(.shell("kill -KILL $PPID; sleep 1000")).reason == .lost)
        #expect(token.alive == [before])
        kill(before, SIGKILL)
        var status: Int32 = 0
        #expect(waitpid(before, &status, 0) == before && status == SIGKILL)
    }
}
