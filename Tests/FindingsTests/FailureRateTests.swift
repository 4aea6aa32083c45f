import Evidence
import Findings
import TestSupport
import Testing

@Suite("How often something fails") struct FailureRateTests {
    /// R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I,
    /// method 3 (the score interval of Wilson without continuity correction).
    @Test(
        "Wilson's interval is the published one",
        arguments: [
            (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
        ])
    func wilson(failures: Int, runs: Int, low: Double, high: Double) {
        let interval = FailureRate(failures: failures, runs: runs).interval
        #expect(abs(interval.lowerBound - low) < 0.00005 && abs(interval.upperBound - high) < 0.00005)
    }

    @Test("the interval of the failures mirrors that of the successes") func symmetric() {
        for (failures, runs) in [(0, 7), (3, 10), (59, 60), (500, 1000)] {
            let one = FailureRate(failures: failures, runs: runs).interval
            let other = FailureRate(failures: runs - failures, runs: runs).interval
            #expect(abs(one.lowerBound - (1 - other.upperBound)) < 1e-12)
            #expect(one.contains(Double(failures) / Double(runs)))
        }
    }

    /// Of a 5 % failure 59 runs see at least one with 95 % certainty, 58 do not (1 - 0.95^58 = 0.949).
    @Test("no failure in 59 runs excludes 5 %, in 58 it does not") func none() throws {
        let enough = try #require(FailureRate(failures: 0, runs: 59).excludedAbove)
        let few = try #require(FailureRate(failures: 0, runs: 58).excludedAbove)
        #expect(enough < 0.05 && few > 0.05)
        #expect(FailureRate(failures: 1, runs: 60).excludedAbove == nil)
        // The bound is the rate at which all runs pass in one of twenty cases.
        var chance = 1.0
        for _ in 0..<59 { chance *= 1 - enough }
        #expect(abs(chance - 0.05) < 1e-12)
    }

    @Test("the words, with bounds rounded outwards") func words() {
        #expect(
            FailureRate(failures: 0, runs: 60).text
                == "0 of 60 failed: a failure rate above 4.9 % is excluded with 95 % certainty")
        #expect(
            FailureRate(failures: 0, runs: 10_000).text
                == "0 of 10000 failed: a failure rate above 0.030 % is excluded with 95 % certainty")
        // (0.05 + z²/120 ± z·√(0.05·0.95/60 + z²/14400)) / (1 + z²/60) with z = 1.95996: 1.7150 % and 13.7005 %.
        #expect(
            FailureRate(failures: 3, runs: 60).text
                == "3 of 60 failed: a failure rate of 5.0 %, with 95 % certainty between 1.7 % and 13.8 %")
        #expect(FailureRate(failures: 4, runs: 4).text.hasSuffix("and 100.0 %"))
    }
}

@Suite("Several runs of one probe") struct RepetitionTests {
    private func judged(_ results: [ProbeEvidence.Result]) throws -> (Check, Diagnosis) {
        let whole = try #require(ProbeEvidence(repeated: results.map { Given.probe($0, "memory.brk") }))
        let diagnosis = Diagnosis(nil, [whole])
        return (try #require(diagnosis.checks.last), diagnosis)
    }

    private let pass = ProbeEvidence.Result.passed(note: nil)
    private let crash = ProbeEvidence.Result.crashed(signal: 11, message: "")

    @Test("one failure among passes fails, with its finding") func flaky() throws {
        let (check, diagnosis) = try judged([pass, pass, crash, pass])
        #expect(check.outcome == .fail && check.attempts == 1)
        #expect(check.failureRate == FailureRate(failures: 1, runs: 4))
        #expect(check.detail.hasSuffix("; run 3: killed by signal 11"))
        #expect(diagnosis.codes == [.emulationCrashes] && diagnosis.verdict == .unfit)
        #expect(diagnosis.findings[0].evidence.contains { $0.contains("1 of 4 failed") })
    }

    @Test("a run that could not be made leaves the question open") func broken() throws {
        let (check, diagnosis) = try judged([pass, .lost(reason: "killed from outside"), pass])
        #expect(check.outcome == .broken && diagnosis.verdict == .undetermined)
        #expect(check.detail.contains("run 2: could not be made: killed from outside"))
        #expect(check.failureRate == FailureRate(failures: 0, runs: 2))
    }

    @Test("a failure is a failure, whatever else could not be made") func both() throws {
        let (check, diagnosis) = try judged([.lost(reason: "gone"), crash, pass])
        #expect(check.outcome == .fail && diagnosis.verdict == .unfit)
        #expect(check.detail.contains("run 1: could not be made: gone") && check.detail.contains("run 2: killed"))
    }

    @Test("different failures are told apart, and equal ones counted") func fates() throws {
        let (check, _) = try judged([crash, .hung(limit: .seconds(2)), crash])
        #expect(check.detail.contains("2 runs, the first of them 1: killed by signal 11"))
        #expect(check.detail.contains("run 2: could not be made: no result within 2000.0 ms"))
    }

    @Test("what does not apply is no run of either kind") func skipped() throws {
        let (check, _) = try judged([.skipped(reason: "hwcap not claimed"), .skipped(reason: "hwcap not claimed")])
        #expect(check.outcome == .skip && check.failureRate == nil)
        #expect(check.detail == "2 runs, the first of them 1: does not apply: hwcap not claimed")
    }

    @Test("runs that were not begun are not counted, and no interval is told") func stopped() throws {
        let (check, _) = try judged([pass, crash, .notApplicable(reason: "--fail-fast")])
        #expect(check.detail.hasPrefix("1 of 2 failed; 3 were to be made"))
        #expect(check.failureRate == nil)
    }
}
