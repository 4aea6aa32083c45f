import Evidence
import Findings
import Glibc
import Guest
import Sandbox
import SystemPackage
import Testing

@testable import Probes

@Suite("A run of probes") struct ProbeRunTests {
    private func probes(_ names: String..., venue: Venue = .container) -> ProbeRun {
        ProbeRun(
            image: "core", guest: .arm64, venue: venue, probes: names, root: "/images/core", scratch: "/scratch",
            limits: ProbeLimits()
        )
    }

    private func writer(_ run: ProbeRun) -> StreamWriter { StreamWriter(nonce: run.nonce) }

    @Test("every probe has its evidence, once and in order, whatever order the stream has") func order() {
        let run = probes("a.a", "b.b", "c.c")
        var writer = writer(run)
        for name in ["c.c", "stray.one", "a.a", "b.b"] { writer.add(name) }
        let evidence = run.evidence(of: Termination(.exited(0), output: writer.text))
        #expect(evidence.map(\.probe) == ["a.a", "b.b", "c.c"])
        #expect(
            evidence.allSatisfy { $0.result == .passed(note: nil) && $0.venue == .container && $0.image == "core" })
        #expect(evidence[0].duration == .microseconds(120))
    }

    @Test("what a proven result says is taken over") func verdicts() {
        let run = probes("a.a", "b.b", "c.c")
        var writer = writer(run)
        writer.add("a.a", extra: ["note: \"limit-x: y\""])
        writer.add("b.b", "not ok", seen: "2")
        writer.add("c.c", "skip")
        let evidence = run.evidence(of: Termination(.exited(1), output: writer.text))
        #expect(
            evidence.map(\.result)
                == [
                    .passed(note: ProbeNote("limit-x: y")), .failed(expected: "other", seen: "2"),
                    .skipped(reason: "not here"),
                ])
    }

    @Test("an exit status of 0 without the stream proves nothing", arguments: ["", "hello\n"])
    func exitStatusAlone(output: String) {
        let result = probes("a.a").evidence(of: Termination(.exited(0), output: output))[0].result
        guard case .unproven(let detail) = result else {
            Issue.record("expected unproven, found \(result)")
            return
        }
        #expect(detail.contains("exit status 0") && detail.contains(output.isEmpty ? "nothing" : "\"hello\""))
    }

    @Test("a stream of another nonce, of the native twin, or without proofs does not count")
    func forgeries() {
        let run = probes("a.a")
        var stale = StreamWriter(nonce: "00")
        var twin = StreamWriter(nonce: run.nonce, machine: "x86_64")
        var blank = writer(run)
        stale.add("a.a")
        twin.add("a.a")
        blank.add("a.a", proof: "0000000000000000")
        for text in [stale.text, twin.text, blank.text] {
            let evidence = run.evidence(of: Termination(.exited(0), output: text))[0]
            guard case .unproven = evidence.result else {
                Issue.record("expected unproven, found \(evidence.result)")
                continue
            }
            #expect(!evidence.didRun)
        }
    }

    @Test("the first of two results of one name counts") func duplicates() {
        let run = probes("a.a")
        var writer = writer(run)
        writer.add("a.a", "not ok", seen: "2")
        writer.add("a.a")
        let evidence = run.evidence(of: Termination(.exited(0), output: writer.text))
        #expect(evidence.map(\.result) == [.failed(expected: "other", seen: "2")])
    }

    @Test("a probe that died says how") func deaths() {
        let run = probes("a.a", "b.b", "c.c")
        let ends = [("a.a", "signal: 11"), ("b.b", "timeout_ms: 2000"), ("c.c", "exit: 3")]
        let text =
            "TAP version 14\n"
            + ends.map {
                "not ok 1 - \($0.0)\n  ---\n  nonce: \"\(run.nonce)\"\n  \($0.1)\n  ...\n"
            }.joined()
        let results = run.evidence(of: Termination(.exited(1), output: text)).map(\.result)
        #expect(results == [.crashed(signal: 11, message: ""), .hung(limit: .seconds(2)), .silent(status: 3)])
    }

    @Test("where processes are left nothing is over, whatever was proven") func left() {
        let run = probes("a.a")
        var writer = writer(run)
        writer.add("a.a")
        let evidence = run.evidence(of: Termination(.left(processes: 2), output: writer.text))
        #expect(evidence[0].result == .lost(reason: "2 of its processes could not be ended, and are left"))
    }

    @Test("a death told with another nonce is not believed") func foreignDeath() {
        let text = "TAP version 14\nnot ok 1 - a.a\n  ---\n  nonce: \"00\"\n  signal: 11\n  ...\n"
        guard case .unproven = probes("a.a").evidence(of: Termination(.exited(1), output: text))[0].result else {
            Issue.record("expected unproven")
            return
        }
    }

    @Test("a probe without a line shares the fate of the process; what came before stands") func missingLines() {
        let run = probes("a.a", "b.b")
        var writer = writer(run)
        writer.add("a.a")
        let refused = StartFailure(stage: .program, error: ENOEXEC)
        let unmade = StartFailure(stage: .mount, error: EPERM)
        let fates: [(Termination.Reason, ProbeEvidence.Result)] = [
            (.timedOut, .hung(limit: run.limits.venue)),
            (.signalled(11), .crashed(signal: 11, message: "last words")),
            (.exited(9), .silent(status: 9)),
            (.lost, .lost(reason: "the process was killed from outside, or ran out of memory")),
            (.interrupted, .lost(reason: "interrupted before it was done")),
            (.notStarted(refused), .refused(error: ENOEXEC, text: "ENOEXEC (Exec format error)")),
            (.notStarted(unmade), .noVenue(stage: .mount, error: EPERM, text: unmade.description)),
        ]
        for (reason, fate) in fates {
            let ended = Termination(reason, output: writer.text, errors: "first\nlast words\n")
            #expect(run.evidence(of: ended).map(\.result) == [.passed(note: nil), fate])
        }
    }

    @Test("when the time is up one probe has hung, at the limit that passed; those after it had no turn")
    func timeIsUp() {
        let run = probes("a.a", "b.b", "c.c", "d.d")
        var writer = writer(run)
        writer.add("a.a")
        for limit in [run.limits.silence, run.limits.venue] {
            var ended = Termination(.timedOut, output: writer.text)
            ended.limit = limit
            #expect(
                run.evidence(of: ended).map(\.result) == [
                    .passed(note: nil), .hung(limit: limit), .notBegun, .notBegun,
                ])
        }
    }

    @Test("splitting keeps every probe exactly once, evenly, each piece with a nonce of its own", arguments: 0...9)
    func split(pieces: Int) {
        let names = (0..<7).map { "group.fact\($0)" }
        let run = ProbeRun(
            image: "core", guest: .arm64, venue: .direct, probes: names, root: "/r", scratch: "/s",
            limits: ProbeLimits(probe: .seconds(1), venue: .seconds(9)), environment: ["QEMU_CPU": "max"])
        let parts = run.split(pieces)
        #expect(parts.flatMap(\.probes).sorted() == names)
        #expect(parts.count == max(1, min(7, pieces)))
        let sizes = parts.map(\.probes.count)
        #expect(sizes.max()! - sizes.min()! <= 1)
        #expect(Set(parts.map(\.nonce)).count == parts.count)
        #expect(parts.allSatisfy { $0.environment == run.environment && $0.limits.venue == .seconds(9) })
    }

    @Test("no probes make no run") func nothing() {
        let run = ProbeRun(
            image: "core", guest: .arm64, venue: .direct, probes: [], root: "/r", scratch: "/s", limits: ProbeLimits())
        #expect(run.split(4).isEmpty)
        #expect(run.evidence(of: Termination(.exited(0))).isEmpty)
    }

    @Test("the launch runs the program of the image, by the path that the venue shows") func launch() {
        let direct = probes("a.a", venue: .direct).launch
        #expect(direct.path == "/images/core/bin/assay-probe")
        #expect(direct.arguments.contains("--scratch") && direct.arguments.last == "a.a")
        let container = probes("a.a").launch
        #expect(container.path == "/bin/assay-probe" && container.root == "/images/core")
        #expect(container.noNewPrivileges && !container.arguments.contains("--scratch"))
    }

    @Test("what is not begun says why, for every probe") func notRun() {
        let evidence = probes("a.a", "b.b").evidence(notRun: "needs root")
        #expect(evidence.map(\.result) == Array(repeating: .notApplicable(reason: "needs root"), count: 2))
    }
}
