import Findings
import Foundation
import History
import Processes
import Testing

@testable import Reports

@Suite("The forms of a report") struct FormatTests {
    private static func earlier(than report: ReportDocument) throws -> EarlierRuns {
        var history = EarlierReports(than: report)
        for day in 1...40 {
            var earlier = try Sample.report("fit")
            earlier.started = Timestamp(seconds: earlier.started.seconds - day * 86_400)
            earlier.duration = .milliseconds(100 + day)
            earlier.verdict = day == 3 ? .unfit : .fit
            history.add(earlier)
        }
        return history.runs
    }

    @Test("are as expected", arguments: Sample.names, ReportFormat.allCases)
    func expected(name: String, format: ReportFormat) throws {
        let report = try Sample.report(name)
        try Sample.expect(format.render(report, earlier: Self.earlier(than: report)), "\(name).\(format.rawValue)")
    }

    @Test("are as expected of a fleet", arguments: ReportFormat.allCases) func fleet(format: ReportFormat) throws {
        try Sample.expect(format.render(Sample.fleet(expected: 4)), "fleet.\(format.rawValue)")
    }

    @Test("GitHub's file is Markdown", arguments: Sample.names) func markdown(name: String) throws {
        try Sample.expect(ReportFormat.github.renderFile(Sample.report(name)), "\(name).md")
        try Sample.expect(ReportFormat.github.renderFile(Sample.fleet(expected: 4)), "fleet.md")
    }

    @Test("GitHub gets ten errors and ten warnings at most, one line each, and the last says what is missing")
    func annotations() throws {
        var report = try Sample.report("hostile")
        let finding = report.findings[0]
        report.findings = (0..<30).flatMap { number in
            [Severity.error, .warning].map { severity in
                var one = finding
                one.code = "code-\(number)"
                one.severity = severity
                return one
            }
        }
        let lines = try ReportFormat.github.render(report).split(separator: "\n")
        #expect(lines.count == 20 && lines.count { $0.hasPrefix("::error title=") } == 10)
        #expect(lines.allSatisfy { $0.hasPrefix("::error title=") || $0.hasPrefix("::warning title=") })
        // Eleven and on: thirty findings, and the failed and the broken checks.
        #expect(lines[9].hasPrefix("::error title=assay%3A 23 more::") && lines[9].contains("code-29"))
    }

    @Test("a step's summary keeps within its limit, and says that it does") func summaryLimit() throws {
        var report = try Sample.report("unfit")
        let checks = report.checks.filter { $0.kind != "probe" }
        report.checks += (0..<40_000).flatMap { number in
            checks.map {
                var check = $0
                check.id += "\(number)"
                return check
            }
        }
        for limit in [0, 100, 5_000, 1 << 20] {
            let text = try ReportFormat.github.renderFile(report, limit: limit)
            #expect(text.utf8.count <= limit)
            if limit > 1000 { #expect(text.contains("no room for") && text.contains("unfit")) }
        }
    }

    @Test("no markup, and nothing that loads, comes from outside into a page") func page() throws {
        for page in [
            try ReportFormat.html.render(Sample.report("hostile")), try ReportFormat.html.render(Sample.fleet()),
        ] {
            #expect(!page.contains("<script") && page.contains("&lt;script&gt;"))
            #expect(
                !page.contains("http:") && !page.contains("https:") && !page.contains("@import")
                    && !page.contains("url("))
            #expect(page.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
            #expect(page.contains("default-src 'none'"))
        }
    }

    @Test("text on a page has a contrast of 4.5 at least, in light and dark") func contrast() throws {
        let palettes = PageStyle.text.matches(of: /--[a-z]+:#[^}]*/).map(\.output)
        #expect(palettes.count == 2)
        for palette in palettes {
            let colours = Dictionary(
                uniqueKeysWithValues: palette.matches(of: /--([a-z-]+):#([0-9a-f]+)/).map {
                    (String($0.output.1), Self.luminance(String($0.output.2)))
                })
            for (front, backs) in [
                "text": ["back", "card", "code", "good-back", "bad-back", "odd-back"], "dim": ["back", "card"],
                "good": ["card", "good-back"], "bad": ["card", "bad-back"], "odd": ["card", "odd-back"],
                "info": ["card", "back"],
            ] {
                for back in backs {
                    let (one, two) = (try #require(colours[front]), try #require(colours[back]))
                    #expect((max(one, two) + 0.05) / (min(one, two) + 0.05) >= 4.5, "\(front) on \(back)")
                }
            }
        }
    }

    /// <https://www.w3.org/TR/WCAG21/#dfn-relative-luminance>
    private static func luminance(_ hexadecimal: String) -> Double {
        let digits = hexadecimal.count == 3 ? hexadecimal.flatMap { [$0, $0] } : Array(hexadecimal)
        let channels = stride(from: 0, to: 6, by: 2).map { index -> Double in
            let value = Double(Int(String(digits[index...(index + 1)]), radix: 16) ?? 0) / 255
            return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }
}
