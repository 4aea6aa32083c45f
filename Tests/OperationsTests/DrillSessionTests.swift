import Findings
import Guest
import Processes
import Reports
import SystemPackage
import Testing

@testable import Operations
@testable import Sandbox

@Suite("Drills") struct DrillSessionTests {
    private func result(_ output: String) throws -> DrillResult {
        let drills = try DrillSession.select(["handler-missing"])
        let session = DrillSession(
            drills: drills, settings: Settings(guest: .arm64), program: "/", environment: [:], remedies: true,
            timeout: .seconds(1))
        var ended = Termination(reason: .exited(1), duration: .zero)
        let fault = try report(
            drills[0].expected.map { Finding($0, summary: "", evidence: []) },
            (drills[0].passes ?? []).map { Check(id: $0, kind: .probe, outcome: .pass) })
        let mended = try report([], [])
        ended.output.bytes = Array(output.replacing("fault", with: fault).replacing("mended", with: mended).utf8)
        return session.result(drills[0], ended)
    }

    /// As a drill's process prints it.
    private func report(_ findings: [Finding], _ checks: [Check]) throws -> String {
        let report = Report(
            version: "0", command: "drill", started: .now, duration: .zero, hosts: [], checks: checks,
            findings: findings)
        return try ReportFormat.json.render(.report(report.document))
    }

    @Test("a remedy after which nothing was judged leaves the drill broken, with the reason") func unjudged() throws {
        #expect(try result("fault").outcome == .pass)
        #expect(try result("fault\u{1e}mended").outcome == .pass)
        #expect(try result("fault\u{1e}fault").outcome == .fail)
        #expect(try result("fault\u{1e}").outcome == .broken)
        let said = try result("fault\u{1e}its shell exited(127) not found")
        #expect(said.outcome == .broken && said.problems[0].contains("exited(127) not found"))
    }

    @Test("a drill that is named twice, or by name and by code, is chosen once") func twice() throws {
        let names = try DrillSession.select(["only-an-extension", "handler-missing", "only-an-extension"]).map(\.name)
        #expect(
            names.sorted() == [
                "only-an-extension", "only-another-architecture", "registry-empty", "rule-masked", "service-masked",
                "system-container",
            ])
        let all = try DrillSession.select([])
        #expect(Set(all.map(\.name)).count == all.count)
    }
}

extension Drill {
    fileprivate var expected: [FindingCode] { [proves].compactMap(\.self) + (also ?? []) }
}
