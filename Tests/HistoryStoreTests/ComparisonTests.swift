import Evidence
import Findings
import History
import HistoryStore
import Reports
import TestSupport
import Testing

@Suite("Comparing runs") struct ComparisonTests {
    let place: Place

    init() throws { place = try Place() }

    @Test("new, fixed, flaky, still failing, skipped, added and gone checks are told apart") func changes() throws {
        let history = try RunHistory.forRecording(place.path)
        try history.record(
            Given.report(
                [
                    Given.check("same"), Given.check("breaks"), Given.check("mended", .broken),
                    Given.check("bad", .fail),
                    Given.check("hidden"), Given.check("old"), Given.check("shaky"),
                ], findings: [Finding(.handlerNotFixed, summary: "was", evidence: [])]), exitStatus: 2)
        let id = try history.record(
            Given.report(
                [
                    Given.check("same"), Given.check("breaks", .broken), Given.check("mended"),
                    Given.check("bad", .fail),
                    Given.check("hidden", .skip), Given.check("fresh", .fail), Given.check("shaky", attempts: 3),
                ], host: Given.emulated(kernel: "Linux 6.2.0", qemu: "10.0.2"),
                findings: [Finding(.emulationCrashes, summary: "is", evidence: [])]), exitStatus: 1)
        let comparison = try history.comparison(of: id)
        let changes = try #require(comparison.changes)
        #expect(comparison.before?.overview.id == 1)
        #expect(changes.newFailures.map(\.check.name.id) == ["breaks", "fresh"])
        #expect(changes.stillFailing.map(\.check.name.id) == ["bad"])
        #expect(changes.fixed.map(\.check.name.id) == ["mended"])
        #expect(changes.flaky.map(\.check.name.id) == ["shaky"])
        #expect(changes.nowSkipped.map(\.check.name.id) == ["hidden"])
        #expect(changes.added.map(\.id) == ["fresh"] && changes.gone.map(\.id) == ["old"])
        #expect(changes.newFindings.map(\.code) == ["emulation-crashes"])
        #expect(changes.goneFindings.map(\.code) == ["handler-not-fixed"])
        #expect(
            changes.host.map(\.fact) == ["kernel", "QEMU"] && changes.host.map(\.now) == ["Linux 6.2.0", "10.0.2"])
        let text = HistoryText.changes(comparison).joined(separator: "\n")
        for line in ["breaks@direct (core): pass → broken", "QEMU: 7.2.22 → 10.0.2", "fresh@direct (core): new → fail"]
        {
            #expect(text.contains(line), "\(text)")
        }
        #expect(try HistoryDocument(comparison).text.contains("\"new_failures\""))
    }

    @Test("a run is compared with the last one of its command that judged the same, not with another suite") func like()
        throws
    {
        let history = try RunHistory.forRecording(place.path)
        let suite = [Given.check("a"), Given.check("b"), Given.check("c")]
        try history.record(Given.report(suite), exitStatus: 0)
        try history.record(Given.report([Given.check("a"), Given.check("x"), Given.check("y")]), exitStatus: 0)
        try history.record(Given.report(suite, command: "accept"), exitStatus: 0)
        let id = try history.record(Given.report(suite), exitStatus: 0)
        let comparison = try history.comparison(of: id)
        #expect(comparison.before?.overview.id == 1 && comparison.changes?.isEmpty == true)
        #expect(HistoryText.changes(comparison).contains("  nothing changed"))
        #expect(try history.comparison(of: 1).changes == nil)
    }
}

@Suite("Usual durations") struct UsualDurationTests {
    let place: Place

    init() throws { place = try Place() }

    /// Records a check that passed in so many milliseconds, for each.
    private func history(_ durations: [Int]) throws -> RunHistory {
        let history = try RunHistory.forRecording(place.path)
        for duration in durations {
            try history.record(Given.report([Given.check("a", milliseconds: duration)]), exitStatus: 0)
        }
        return history
    }

    private let name = CheckName(kind: "probe", id: "a", image: "core", venue: "direct")

    @Test("median and spread are of the latest passes") func median() throws {
        let history = try history([9000, 100, 110, 120, 130, 1000])
        let usual = try history.usualDurations(host: HostFingerprint(Given.emulated()), samples: 5)[name]
        #expect(usual?.median == .milliseconds(120) && usual?.spread == .milliseconds(10) && usual?.samples == 5)
        let even = try history.usualDurations(host: HostFingerprint(Given.emulated()), samples: 4)[name]
        #expect(even?.median == .milliseconds(125) && even?.samples == 4)
    }

    @Test("failures, retries, other hosts and other commands say nothing about what is usual") func others() throws {
        let history = try history([100])
        try history.record(Given.report([Given.check("a", .fail, milliseconds: 5)]), exitStatus: 1)
        try history.record(Given.report([Given.check("a", milliseconds: 5, attempts: 2)]), exitStatus: 0)
        try history.record(
            Given.report([Given.check("a", milliseconds: 5)], host: Given.emulated(qemu: "10.0.2")), exitStatus: 0)
        try history.record(Given.report([Given.check("a", milliseconds: 7)], command: "accept"), exitStatus: 0)
        let host = HostFingerprint(Given.emulated())
        let own = try history.usualDurations(host: host, command: "run")[name]
        #expect(own?.median == .milliseconds(100) && own?.samples == 1)
        #expect(try history.usualDurations(host: host)[name]?.samples == 2)
        #expect(try history.usualDurations(host: HostFingerprint(Given.emulated(kernel: "unseen"))).isEmpty)
    }

    @Test("a check that takes more than twice as long is a warning, and marked at the check") func slower() throws {
        let history = try history([200, 205, 195, 200, 210])
        var report = Given.report([Given.check("a", milliseconds: 450)])
        report.add(DurationRules(try history.durations(of: report)).findings)
        let finding = try #require(report.findings.first)
        #expect(finding.code == .checkSlowerThanUsual && finding.severity == .warning)
        #expect(
            finding.evidence == [
                "a@direct: 450.0 ms, usually 200.0 ms ± 5.0 ms (median and median deviation of 5 runs)"
            ])
        #expect(report.checks[0].findings == [.checkSlowerThanUsual] && report.verdict == .fit)
        let id = try history.record(report, exitStatus: 0)
        let comparison = try history.comparison(of: id)
        #expect(comparison.slower.map(\.check) == ["a@direct"])
        #expect(HistoryText.durations(comparison).contains { $0.hasSuffix("slower") })
    }

    @Test(
        "is no news: too few runs, within twice, few milliseconds, a failure",
        arguments: [
            ([200, 200, 200, 200], 900, Outcome.pass), ([200, 200, 200, 200, 200], 400, .pass),
            ([10, 10, 10, 10, 10], 90, .pass), ([200, 200, 200, 200, 200], 900, .fail),
            ([100, 400, 100, 200, 300], 450, .pass),
        ])
    func noNews(earlier: [Int], now: Int, outcome: Outcome) throws {
        let history = try history(earlier)
        let report = Given.report([Given.check("a", outcome, milliseconds: now)])
        #expect(DurationRules(try history.durations(of: report)).findings.isEmpty)
    }
}
