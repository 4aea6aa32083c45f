import Files
import Glibc
import Sandbox
import SystemPackage
import Testing

@Suite(
    "Repeating a probe", .enabled(if: WrongInterpreter.isPossible, "\(WrongInterpreter.reason)"))
struct RepeatTests {
    private func report(_ machine: Machine, _ rules: [String], _ options: String...) throws -> (JSONForm, Int32?) {
        let wrong = try WrongInterpreter(rules, in: machine)
        let outcome = Outcome(
            Supervisor(jobs: 1).run(
                machine.launch(["probe", "memory.brk", "--format", "json"] + options + wrong.options)))
        return (try outcome.report, outcome.status)
    }

    private func check(_ report: JSONForm) throws -> JSONForm.Check {
        try #require(report.checks.first { $0.id == "memory.brk" })
    }

    @Test("an interpreter that crashes in one of six runs fails, at that rate") func flaky() throws {
        let machine = try Machine()
        let turns = machine.scratch.appending("turns")
        let (report, status) = try report(machine, ["crash 6 \(turns)"], "--repeat", "60", "--jobs", "3")
        let check = try check(report)
        #expect(status == 1 && report.verdict == "unfit" && check.outcome == "fail")
        let rate = try #require(check.failureRate)
        #expect(rate.runs == 60 && rate.failures == 10)
        #expect(rate.low < 1.0 / 6 && 1.0 / 6 < rate.high)
        #expect(check.detail.hasPrefix("10 of 60 failed: a failure rate of 16.7 %"))
        #expect(check.detail.contains("10 runs, the first of them") && check.detail.contains("killed by signal 11"))
        #expect(check.attempts == 1)
        #expect(report.errors == ["emulation-crashes"])
        // Every run executed the interpreter again: none is counted twice or left out.
        #expect(try WholeFile.read(turns.string, limit: 1 << 20).count == 60)
        #expect(machine.leftovers.isEmpty)
    }

    @Test("one that works passes, and says what that excludes") func steady() throws {
        let (report, status) = try report(try Machine(), [], "--repeat", "60")
        let check = try check(report)
        #expect(status == 0 && check.outcome == "pass")
        #expect(
            check.detail == "0 of 60 failed: a failure rate above 4.9 % is excluded with 95 % certainty")
        #expect(check.failureRate?.failures == 0)
    }

    @Test("--fail-fast stops at the first failure, and claims no rate") func failFast() throws {
        let machine = try Machine()
        let turns = machine.scratch.appending("turns")
        let (report, status) = try report(
            machine, ["crash 6 \(turns)"], "--repeat", "60", "--jobs", "1", "--fail-fast")
        let check = try check(report)
        #expect(status == 1 && check.outcome == "fail")
        #expect(check.detail.hasPrefix("1 of 6 failed; 60 were to be made; run 6: killed by signal 11"))
        #expect(check.failureRate == nil)
        #expect(try WholeFile.read(turns.string, limit: 1 << 20).count == 6)
    }

    @Test("one run is no repetition") func once() throws {
        let (report, _) = try report(try Machine(), [], "--repeat", "1")
        #expect(try check(report).failureRate == nil)
    }

    @Test("accept repeats what --filter names, and the essential probes without it") func accept() throws {
        let machine = try Machine()
        #expect(machine.assay("probe", "memory.brk", "--repeat", "0").status == 64)
        let wrong = try WrongInterpreter(in: machine)
        let options = [
            "accept", "--builder", "none", "--filter", "memory.brk", "--filter", "exec.static", "--repeat", "3",
        ]
        let outcome = Outcome(
            Supervisor(jobs: 1).run(
                machine.launch(options + ["--venue", "direct", "--format", "json"] + wrong.options)))
        #expect(outcome.status == 0, "\(outcome)")
        let probes = try outcome.report.checks.filter { $0.kind == "probe" }
        #expect(probes.map(\.id).sorted() == ["exec.static", "memory.brk"])
        #expect(probes.allSatisfy { $0.failureRate?.runs == 3 })
        let alone = Outcome(
            Supervisor(jobs: 1).run(
                machine.launch(
                    ["accept", "--builder", "none", "--repeat", "2", "--venue", "direct", "--format", "json"]
                        + wrong.options)))
        let essential = try alone.report.checks.filter { $0.kind == "probe" }
        #expect(essential.contains { $0.id == "exec.static" } && essential.count < 20, "\(alone)")
        #expect(essential.allSatisfy { $0.failureRate?.runs == 2 || $0.outcome == "skip" })
    }
}
