import Findings
import Foundation
import History
import Processes
import Testing

@testable import Reports

/// Every string of a document is a hostile one, another for each document, in every form.
@Suite("A report of hostile text in every field") struct HostileReportTests {
    private static let seeds = Array(stride(from: 0, to: Hostile.strings.count, by: 4))

    private func report(_ seed: Int) throws -> ReportDocument {
        try Generated.value(ReportDocument.self, strings: Hostile.strings, seed: seed)
    }

    /// No text of a report is left out by the generator.
    @Test("is filled in every field") func generated() throws {
        func empty(_ value: Any, _ path: String) -> [String] {
            let mirror = Mirror(reflecting: value)
            if mirror.displayStyle == .optional, mirror.children.isEmpty { return [path] }
            if mirror.displayStyle == .collection, mirror.children.isEmpty { return [path] }
            return mirror.children.flatMap { empty($0.value, path + "." + ($0.label ?? "")) }
        }
        #expect(empty(try report(0), "").isEmpty)
    }

    @Test("steers no terminal and no runner, whatever the form", arguments: ReportFormat.allCases)
    func forms(format: ReportFormat) throws {
        for seed in Self.seeds {
            let report = try report(seed)
            var history = EarlierReports(than: report)
            history.add(report)
            let texts = [
                try format.render(report, earlier: history.runs),
                try format.render(report, earlier: history.runs, colours: true),
                try format.renderFile(report, earlier: history.runs),
            ]
            for (index, text) in texts.enumerated() {
                expectHarmless(text, as: index < 2 ? format : format == .github ? nil : format)
            }
            try expectWhole(texts[0], format, report)
        }
    }

    @Test("of a fleet does neither", arguments: ReportFormat.allCases) func fleets(format: ReportFormat) throws {
        for seed in Self.seeds {
            var builder = FleetBuilder()
            for other in 0..<4 { builder.add(try report(seed + other), file: Hostile.strings[seed]) }
            let fleet = builder.fleet(version: Hostile.strings[seed], expected: 9)
            expectHarmless(try format.render(fleet, colours: true), as: format)
            expectHarmless(try format.renderFile(fleet), as: format == .github ? nil : format)
        }
    }

    @Test("of drills does neither", arguments: ReportFormat.allCases) func drills(format: ReportFormat) throws {
        for text in Hostile.strings {
            var drill = try #require(try Drill.all().first)
            drill.name = text
            drill.about = text
            var result = DrillResult(drill, broken: text)
            result.problems.append(text)
            let report = DrillReport([result], version: text, started: Timestamp(seconds: 0), duration: .seconds(1))
            expectHarmless(try format.render(.drills(report), style: ConsoleStyle(colours: true)), as: format)
            expectHarmless(try format.renderFile(.drills(report)), as: format == .github ? nil : format)
        }
    }

    /// - Parameter form: nil for Markdown.
    private func expectHarmless(_ text: String, as form: ReportFormat?) {
        var text = text
        // The colours of the console form, and the commands that GitHub's is made of, are Assay's own.
        if form == .console { text = text.replacing(#/\u{1b}\[(0|1|2|31|32|33|34)m/#, with: "") }
        if form == .github { text = text.replacing(#/(?m)^::(error|warning|notice) title=[^:,]*::/#, with: "own ") }
        if let fault = Hostile.fault(of: text) { Issue.record("\(form.map(\.rawValue) ?? "markdown"): \(fault)") }
    }

    /// What reads the form finds as much in it as the report has.
    private func expectWhole(_ text: String, _ format: ReportFormat, _ report: ReportDocument) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        switch format {
        case .json: #expect(try ReportDocument(json: Array(text.utf8), file: "") == report)
        case .junit:
            #expect(text.matches(of: #/<testcase /#).count == report.checks.count)
            if Validator.has("xmllint") { #expect(Validator.run("xmllint --noout --nonet \"$0\"", text).status == 0) }
        case .tap:
            #expect(lines.filter { $0.contains(#/^(not )?ok \d+ - /#) }.count == report.checks.count)
            #expect(lines.filter { $0.contains(#/^\d+\.\.\d+/#) }.count == 1)
            #expect(!lines.contains { $0.hasPrefix("Bail out!") || $0.hasPrefix("pragma") })
            #expect(lines.allSatisfy { $0.isEmpty || $0.contains(#/^(TAP version 14|1\.\.|(not )?ok |\#| {2})/#) })
            let skipped = report.checks.count { $0.outcome == .skip }
            #expect(lines.filter { $0.contains(#/^ok .*[^\\]\# SKIP/#) }.count == skipped)
        case .prometheus:
            let sample = #/[a-z_]+\{([a-z_0-9]+="([^"\\]|\\["\\n])*",?)*\} [0-9.]+/#
            for line in lines where !line.isEmpty && !line.contains(#/^\# ((HELP|TYPE) assay_[a-z_]+|assay) /#) {
                #expect(try sample.wholeMatch(in: line) != nil, "\(line)")
            }
        case .html:
            #expect(text.matches(of: #/<article /#).count == report.findings.count)
            #expect(!text.contains(#/<(img|iframe|a href)/#) && text.ranges(of: "<script").count == 1)
        case .sarif:
            struct Log: Decodable {
                struct Run: Decodable {
                    struct Result: Decodable { var ruleId: String }
                    var results: [Result]
                }
                var runs: [Run]
            }
            let results = try JSONDecoder().decode(Log.self, from: Data(text.utf8)).runs.flatMap(\.results)
            #expect(Set(results.map(\.ruleId)) == Set(report.findings.map(\.code)))
        case .npd: #expect(lines.count == 2 && lines[0].utf8.count <= 80 && lines[1].isEmpty)
        case .github: #expect(lines.dropLast().allSatisfy { $0.contains(#/^::(error|warning|notice) title=/#) })
        case .console:
            #expect(lines.filter { $0.contains(#/^(FIT|UNFIT|UNDETERMINED)  /#) }.count == 1)
            #expect(lines.filter { $0.contains(#/^\S/#) }.dropFirst().allSatisfy { $0 == "Faults" })
            let long = try ReportFormat.console.render(report, style: ConsoleStyle(detail: .evidence))
                .split(separator: "\n")
            #expect(long.filter { $0.contains(#/^(fit|unfit|undetermined): \d+ passed/#) }.count == 1)
            #expect(
                long.filter { $0.contains(#/^\S/#) }.dropFirst().allSatisfy {
                    $0.contains(#/^(Host|Steps|Path|Probes|Builders|Platforms|Faults|fit:|unfit:|undetermined:)/#)
                })
        }
    }
}
