import Findings
import Testing

@testable import Reports

@Suite("A line for node-problem-detector") struct PluginLineTests {
    private func line(_ report: ReportDocument) throws -> String { try ReportFormat.npd.render(report) }

    @Test("names the gravest finding of what is unfit, and claims no more than was judged", arguments: Sample.names)
    func lines(name: String) throws {
        let report = try Sample.report(name)
        let line = try line(report)
        #expect(line.utf8.count <= 81 && line.hasSuffix("\n") && line.count { $0.isNewline } == 1, "\(line)")
        if report.verdict == .unfit, let error = report.findings.first(where: { $0.severity == .error }) {
            #expect(line.hasPrefix(error.code.oneLine.prefix(20)), "\(line)")
        }
    }

    @Test("is cut at whole characters, to 80 bytes") func cut() {
        let text = PluginLine.text(String(repeating: "ü", count: 100)).string
        #expect(text == String(repeating: "ü", count: 38) + "...\n" && text.utf8.count == 80)
        #expect(PluginLine.text(String(repeating: "x", count: 80)).string.utf8.count == 81)
    }
}
