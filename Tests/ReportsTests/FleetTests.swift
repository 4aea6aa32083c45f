import Findings
import Processes
import Testing

@testable import Reports

@Suite("A fleet") struct FleetTests {
    private func report(
        _ host: String, at second: Int = 0, _ change: (inout ReportDocument) -> Void = { _ in }
    ) throws -> ReportDocument {
        var report = try Sample.report("fit")
        report.host?.name = host
        report.started = Timestamp(seconds: report.started.seconds + second)
        change(&report)
        return report
    }

    private func fleet(_ reports: [ReportDocument], expected: Int? = nil) -> Fleet {
        var builder = FleetBuilder()
        for (index, report) in reports.enumerated() { builder.add(report, file: "\(index).json") }
        return builder.fleet(version: "0.1.0", expected: expected)
    }

    @Test("names hosts that differ from most, and in what") func deviations() throws {
        var reports = try (0..<5).map { try report("h\($0)") }
        reports[3].host?.interpreters[0].version = "8.2.0"
        reports[4].host?.handlers[0].flags = "POC"
        let fleet = fleet(reports)
        #expect(fleet.verdict == .fit && fleet.deviatingHosts.map(\.name) == ["h3", "h4"])
        #expect(
            fleet.hosts[3].deviations == [
                Fleet.Deviation(fact: "interpreter.version", value: "8.2.0", majority: "7.2.22")
            ])
        #expect(fleet.facts.first { $0.name == "handler.flags" }?.values.map(\.hostCount) == [4, 1])
    }

    @Test("does not mind what a host's own reports allow, unless a later one replaced some of their checks")
    func allowed() throws {
        let allowance = ReportDocument.Allowed(code: "handler-not-fixed", source: "--allow", expired: false)
        func unfit(_ host: String, at second: Int = 0, allowed: Bool) throws -> ReportDocument {
            try report(host, at: second) { report in
                report.checks[0].outcome = .fail
                report.verdict = .unfit
                report.findings.append(
                    ReportDocument.Finding(
                        code: "handler-not-fixed", severity: .error, summary: "s", evidence: [], cause: "c",
                        remedy: "r",
                        checks: [report.checks[0].reference]))
                if allowed { report.allowed = [allowance] }
            }
        }
        let fleet = fleet([try unfit("a", allowed: true), try report("b")])
        #expect(fleet.verdict == .unfit && fleet.remaining == .fit)
        #expect(fleet.hosts.map(\.allowed) == [["handler-not-fixed"], nil])
        #expect(fleet.hosts[0].words.contains("allowed: handler-not-fixed"))
        #expect(self.fleet([try unfit("a", allowed: true), try unfit("b", allowed: false)]).remaining == .unfit)
        #expect(self.fleet([try unfit("a", allowed: true)], expected: 2).remaining == .undetermined)
    }

    @Test("half and half is no majority") func half() throws {
        var reports = try (0..<4).map { try report("h\($0)") }
        for index in 0..<2 { reports[index].host?.kernel = "Linux 5" }
        let kernel = fleet(reports).facts.first { $0.name == "host.kernel" }
        #expect(kernel?.majority == nil && kernel?.deviating == 4)
        #expect(fleet(reports).deviatingHosts.isEmpty)
    }

    @Test("a finding of a check that a later report has replaced is none of the fleet's") func replaced() throws {
        let failing = try Sample.report("unfit")
        let finding = try #require(failing.findings.first { !$0.checks.isEmpty })
        var again = failing
        again.started = Timestamp(seconds: failing.started.seconds + 60)
        again.verdict = .fit
        again.findings = []
        for index in again.checks.indices { again.checks[index].outcome = .pass }
        #expect(fleet([failing]).findings.contains { $0.code == finding.code })
        #expect(fleet([failing, again]).findings.isEmpty)
        // Where only some of its checks were made again, it stands.
        again.checks.removeAll { finding.checks.contains($0.reference) }
        #expect(fleet([failing, again]).findings.contains { $0.code == finding.code })
    }

    @Test("parts of a run on one host, or on several, make the whole") func parts() throws {
        let whole = try Sample.report("unfit")
        for sameHost in [true, false] {
            let parts = whole.checks.indices.map { index in
                var part = whole
                part.checks = [whole.checks[index]]
                part.verdict = [.fail: .unfit, .broken: .undetermined][whole.checks[index].outcome] ?? .fit
                if !sameHost { part.host?.name = "h\(index)" }
                return part
            }
            let (all, one) = (fleet(parts.reversed(), expected: parts.count), fleet([whole]))
            #expect(all.verdict == one.verdict && all.summary == one.summary && all.missing == 0)
            #expect(Set(all.checks.map(\.reference)) == Set(one.checks.map(\.reference)))
            #expect(all.hosts.count == (sameHost ? 1 : parts.count))
        }
    }

    @Test("a later run of a host replaces an earlier one, in whatever order they are given") func later() throws {
        var bad = try report("h", at: 0)
        bad.checks[0].outcome = .fail
        bad.verdict = .unfit
        let good = try report("h", at: 60)
        for reports in [[bad, good], [good, bad]] {
            let fleet = fleet(reports)
            #expect(fleet.verdict == .fit && fleet.superseded == 1 && fleet.reports == 1)
        }
        bad.started = Timestamp(seconds: good.started.seconds + 60)
        #expect(fleet([bad, good]).verdict == .unfit)
    }

    @Test("machines of one name do not replace each other's reports") func sameName() throws {
        let bad = try report("runner", at: 0) { report in
            report.host?.id = "aaaa"
            report.checks[0].outcome = .fail
            report.verdict = .unfit
        }
        let good = try report("runner", at: 60) { $0.host?.id = "bbbb" }
        let fleet = fleet([bad, good, try report("other") { $0.host?.id = "cccc" }], expected: 3)
        #expect(fleet.verdict == .unfit && fleet.superseded == 0 && fleet.missing == 0)
        #expect(fleet.hosts.map(\.name) == ["other", "runner (aaaa)", "runner (bbbb)"])
    }

    @Test("a report that is given twice counts once") func twice() throws {
        let one = try report("h")
        let fleet = fleet([one, one, try report("i")], expected: 3)
        #expect(fleet.duplicates == 1 && fleet.reports == 2 && fleet.missing == 1 && fleet.verdict == .undetermined)
    }

    @Test("the verdict is the worst, and fewer reports than expected leave it open") func verdicts() throws {
        let (good, bad) = (try report("a"), try Sample.report("unfit"))
        var open = try report("c")
        open.checks[0].outcome = .broken
        open.verdict = .undetermined
        #expect(fleet([good]).verdict == .fit && fleet([good, open]).verdict == .undetermined)
        #expect(fleet([good, open, bad]).verdict == .unfit)
        #expect(
            fleet([good], expected: 2).verdict == .undetermined && fleet([good, bad], expected: 3).verdict == .unfit)
        // A report's own verdict is heeded where its checks do not show why.
        var claimed = good
        claimed.verdict = .unfit
        #expect(fleet([claimed]).verdict == .unfit)
    }

    @Test("the same check in two images is two checks") func images() throws {
        let other = try report("a", at: 5) { report in
            for index in report.checks.indices { report.checks[index].image = "other" }
        }
        let fleet = fleet([try report("a"), other])
        #expect(fleet.checks.contains { $0.reference == "exec.static@direct (other)" } && fleet.superseded == 0)
    }

    @Test("reports without a host are told apart by their files") func files() throws {
        var one = try report("a")
        one.host = nil
        #expect(fleet([one, one]).hosts.map(\.name) == ["0.json", "1.json"])
    }
}
