import Findings
import History
import HistoryStore
import Processes
import Reports
import TestSupport
import Testing

@Suite("Recording runs") struct RecordingTests {
    let place: Place

    init() throws { place = try Place() }

    @Test("a run comes back as it was recorded") func roundTrip() throws {
        let finding = Finding(.handlerNotFixed, summary: "no F", evidence: ["flags: P"])
        let checks = [
            Given.check("exec.static"), Given.check("fp.rounding", .fail, milliseconds: 3),
            Given.check("cpu.sve", .skip, milliseconds: 0), Given.check("exec.chain", attempts: 2),
            Check(id: "host.handler", kind: .host, outcome: .broken, detail: "ü '; DROP TABLE runs"),
        ]
        let history = try RunHistory.forRecording(place.path)
        let id = try history.record(Given.report(checks, findings: [finding]), exitStatus: 1)
        let run = try #require(try RunHistory.forReading(place.path)).run(id)
        #expect(run.checks.map(\.name) == checks.map { CheckName($0) })
        #expect(run.checks.map(\.outcome) == checks.map(\.outcome))
        #expect(run.checks.map(\.duration) == checks.map(\.duration))
        #expect(run.checks.map(\.attempts) == checks.map(\.attempts))
        #expect(run.checks.map(\.detail) == checks.map(\.detail))
        #expect(run.findings.map(\.code) == ["handler-not-fixed"] && run.findings[0].summary == "no F")
        let overview = run.overview
        #expect(overview.command == "run" && overview.verdict == .unfit && overview.exitStatus == 1)
        #expect(overview.started == Timestamp(seconds: 1_769_846_400) && overview.duration == .milliseconds(214))
        #expect(overview.host == HostFingerprint(Given.emulated()) && overview.privileged)
        let counts = overview.counts
        #expect([counts.pass, counts.fail, counts.skip, counts.broken, counts.flaky] == [2, 1, 1, 1, 1])
    }

    @Test("a host is recorded once however many runs it has; another QEMU makes it another host") func hosts() throws {
        let history = try RunHistory.forRecording(place.path)
        for version in ["7.2.22", "7.2.22", "10.0.2"] {
            try history.record(Given.report([Given.check("a")], host: Given.emulated(qemu: version)), exitStatus: 0)
        }
        try history.record(Given.report([Given.check("a")], host: nil), exitStatus: 0)
        let runs = try history.runs(last: 10)
        #expect(runs.map { $0.host?.interpreterVersion } == [nil, "10.0.2", "7.2.22", "7.2.22"])
        #expect(try history.runs(last: 10, host: HostFingerprint(Given.emulated())).map(\.id) == [2, 1])
        #expect(try history.runs(last: 10, host: HostFingerprint(Given.emulated(kernel: "other"))).isEmpty)
    }

    @Test("the oldest runs go once the bound is reached, and their numbers are not used again") func bound() throws {
        let history = try RunHistory.forRecording(place.path)
        for _ in 1...7 { try history.record(Given.report([Given.check("a")]), exitStatus: 0, keep: 3) }
        #expect(try history.runs(last: 100).map(\.id) == [7, 6, 5])
        #expect(try history.prune(keep: 0, before: nil) == 3)
        #expect(try history.record(Given.report([Given.check("a")]), exitStatus: 0) == 8)
    }

    @Test("pruning by number and by age removes those runs and no others") func prune() throws {
        let history = try RunHistory.forRecording(place.path)
        for day in 0..<10 {
            try history.record(Given.report([Given.check("a")], started: day * 86_400), exitStatus: 0)
        }
        #expect(try history.prune(keep: nil, before: Timestamp(seconds: 3 * 86_400)) == 3)
        #expect(try history.runs(last: 100).map(\.id) == [10, 9, 8, 7, 6, 5, 4])
        #expect(try history.prune(keep: 2, before: nil) == 5)
        #expect(try history.prune(keep: 2, before: nil) == 0)
        #expect(try history.run(10).checks.count == 1)
        #expect(try history.runs(last: 100).map(\.id) == [10, 9])
    }

    @Test("a run that is not recorded is an error that says which are") func unknown() throws {
        let history = try RunHistory.forRecording(place.path)
        try history.record(Given.report([Given.check("a")]), exitStatus: 0)
        let error = #expect(throws: HistoryError.self) { try history.run(7) }
        #expect(error?.code == .unknownRun && error?.description.contains("runs 1 to 1") == true)
    }

    @Test("an exported run is a report with the recorded outcomes") func export() throws {
        let history = try RunHistory.forRecording(place.path)
        let id = try history.record(Given.report([Given.check("a", .fail)]), exitStatus: 1)
        let exported = try history.run(id).document
        let text = try ReportFormat.json.render(.report(exported))
        let document = try ReportDocument(json: Array(text.utf8), file: "the export")
        #expect(document.checks.map(\.outcome) == [.fail])
        #expect(document == exported)
        #expect(document.schema == "assay.report/2" && document.verdict == .unfit)
    }
}
