import Findings
import Processes
import Testing

@testable import Reports

@Suite("The report of drills") struct DrillReportTests {
    private func report(_ results: [DrillResult]) -> DrillReport {
        DrillReport(results, version: "1", started: Timestamp(seconds: 0), duration: .seconds(1))
    }

    @Test("faults that this host cannot have prove nothing", arguments: [1, 2]) func skipped(count: Int) throws {
        let drills = try Drill.all().prefix(count)
        let none = report(drills.map { DrillResult($0, skipped: "this host cannot have it") })
        #expect(none.verdict == .undetermined)
        let said = try ReportFormat.console.render(.drills(none), style: ConsoleStyle())
        #expect(said.hasPrefix("UNDETERMINED  ") && said.contains("be injected here"), "\(said)")
    }
}
