import Evidence
import Findings
import Guest
import Processes
import TestSupport
import Testing

@testable import Reports

@Suite("A report of several platforms") struct PlatformsTests {
    /// Everything works for arm64; no handler takes riscv64's programs.
    private static let joined: Report = {
        var host = Given.emulated()
        host.guest = .riscv64
        host.interpreter = nil
        host.name = "runner"
        var first = Given.fit
        first.hosts[0].name = "runner"
        let refused = Given.probe(
            .refused(error: 8, text: "ENOEXEC (Exec format error)"), duration: .microseconds(1250))
        var evidence = CommandEvidence(host: host, probes: [refused])
        evidence.builders = [
            BuilderEvidence(builder: "buildah", guest: .riscv64, result: .missing)
        ]
        return Report(joining: [first, Given.report(evidence)])
    }()

    private var document: ReportDocument { Self.joined.document }

    @Test("each check, finding and handler is about a platform, and the worst verdict is the whole's") func parts() {
        #expect(document.verdict == .unfit)
        #expect(document.platforms?.map(\.platform) == ["linux/arm64", "linux/riscv64"])
        #expect(document.platforms?.map(\.verdict) == [.fit, .unfit])
        #expect(document.host?.handlers.map(\.platform) == ["linux/arm64"])
        #expect(document.findings.filter { $0.code == "handler-missing" }.map(\.platform) == ["linux/riscv64"])
        let counts = document.platforms?.map { $0.summary.pass + $0.summary.fail + $0.summary.skip + $0.summary.broken }
        #expect(counts?.reduce(0, +) == document.checks.count)
        let (fit, unfit) = (document.parts[0], document.parts[1])
        #expect(
            fit.checks.allSatisfy { $0.platform == "linux/arm64" } && fit.findings.allSatisfy { $0.severity == .info })
        #expect(unfit.checks.contains { $0.reference == "exec.static@direct" && $0.outcome == .fail })
        #expect(fit.checks.contains { $0.reference == "exec.static@direct" && $0.outcome == .pass })
    }

    @Test("the first line says which are fit, and why others are not") func claim() throws {
        #expect(
            document.claim
                == "runner: FIT for linux/arm64, UNFIT for linux/riscv64: no handler is registered for riscv64 programs"
        )
        let style = ConsoleStyle(detail: .failures)
        let failed = try ReportFormat.console.render(.report(document), style: style)
        #expect(failed.contains("linux/riscv64 exec.static@direct\n") && !failed.contains("linux/arm64"))
    }

    @Test("a finding explains its own platform's checks alone") func explained() {
        let findings = FindingsByCheck(document)
        let starts = document.checks.filter { $0.reference == "exec.static@direct" }
        #expect(starts.map { findings.of($0).map(\.code) } == [[], ["handler-missing"]])
        var other = document
        other.checks.removeAll { $0.platform == "linux/riscv64" }
        other.checks[0].outcome = .fail
        #expect(other.unexplained(.fail).map(\.id) == [other.checks[0].id])
    }

    @Test("the forms are as expected", arguments: ReportFormat.allCases) func expected(format: ReportFormat) throws {
        try Sample.expect(format.render(.report(document)), "platforms.\(format.rawValue)")
    }

    @Test("GitHub's file has a part for each") func markdown() throws {
        try Sample.expect(ReportFormat.github.renderFile(.report(document)), "platforms.md")
    }

    @Test("it is read back as it was written") func saved() throws {
        let text = try ReportFormat.json.render(.report(document))
        let again = try ReportDocument(json: Array(text.utf8), file: "r.json")
        #expect(try ReportFormat.json.render(.report(again)) == text && again.parts.count == 2)
    }

    @Test("a fleet keeps the platforms of a host apart, whether one report has them or two") func fleet() throws {
        var alone = Given.fit
        alone.hosts[0].name = "runner"
        var second = Self.joined
        second.checks.removeAll { $0.platform == "linux/arm64" }
        second.findings.removeAll { $0.platform == "linux/arm64" }
        second.hosts.removeFirst()
        func merged(_ reports: [Report]) -> Fleet {
            var builder = FleetBuilder()
            for (number, report) in reports.enumerated() { builder.add(report.document, file: "\(number).json") }
            return builder.fleet(version: "0.1.0", expected: nil)
        }
        for fleet in [merged([Self.joined]), merged([alone, second])] {
            #expect(fleet.hosts.count == 1 && fleet.verdict == .unfit)
            #expect(fleet.checks.map(\.reference).contains("exec.static@direct (core)"))
            #expect(fleet.hosts[0].unsound.contains("exec.static@direct (core) linux/riscv64"))
            #expect(fleet.hosts[0].findings.contains("handler-missing linux/riscv64"))
            #expect(fleet.facts.contains { $0.name == "handler.flags linux/riscv64" })
            #expect(fleet.findings.first { $0.code == "handler-missing" }?.platform == "linux/riscv64")
        }
    }

    @Test("what is usual for one platform is not for another") func usual() {
        var earlier = EarlierReports(than: document)
        for day in 1...6 {
            var old = Given.fit.document
            old.started = Timestamp(seconds: old.started.seconds - day * 86_400)
            earlier.add(old)
        }
        let runs = earlier.runs
        let starts = document.checks.filter { $0.reference == "exec.static@direct" }
        #expect(starts.map { runs.usual($0) != nil } == [true, false])
    }
}
