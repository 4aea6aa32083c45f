import Files
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("Side by side", .serialized) struct ConcurrencyTests {
    @Test("two sleeps in two jobs take the time of one") func together() {
        let clock = ContinuousClock()
        let sleeps = [Launch.shell("sleep 1"), .shell("sleep 1")]
        #expect(clock.measure { _ = Supervisor(jobs: 2).run(sleeps) } < .milliseconds(1900))
        #expect(clock.measure { _ = Supervisor(jobs: 1).run(sleeps) } >= .seconds(2))
    }

    @Test("no more than the given number run at once", arguments: [1, 3]) func limit(jobs: Int) {
        let launches = (0..<9).map { _ in Launch.shell("date +%s%N; sleep 0.1; date +%s%N") }
        let spans = Supervisor(jobs: jobs).run(launches).map { ended in
            ended.output.text.split(separator: "\n").compactMap { UInt64($0) }
        }
        #expect(spans.allSatisfy { $0.count == 2 })
        let overlaps = spans.map { one in spans.count { $0[0] <= one[0] && one[0] < $0[1] } }
        #expect(overlaps.max() == jobs)
    }

    @Test("what is done meanwhile is done once, while the children run") func meanwhile() throws {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let gate = scratch.appending("gate")
        let waiting = Launch.shell("until [ -e '\(gate)' ]; do sleep 0.01; done; exit 7")
        var calls = 0
        let ended = Supervisor(jobs: 1).run(
            [waiting, .shell("exit 8")],
            meanwhile: {
                calls += 1
                close(open(gate.string, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
            })
        #expect(ended.map(\.reason) == [.exited(7), .exited(8)])
        #expect(calls == 1)
    }

    @Test("no launches is no ends") func none() {
        #expect(Supervisor(jobs: 2).run([]).isEmpty)
        #expect(Supervisor(jobs: -3).jobs == 1)
    }
}
