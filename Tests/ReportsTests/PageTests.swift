import Files
import Findings
import Foundation
import Processes
import Testing

@testable import Reports

/// Pages of real reports, and what they are held against.
enum SamplePage: String, CaseIterable {
    case fit = "fit-host"
    case unfit = "unfit-host"
    case run, fleet, artifact

    func html() throws -> String {
        guard self == .fleet else {
            let report = try Sample.report(rawValue)
            return try ReportFormat.html.render(
                report, earlier: self == .fit ? Self.earlier(than: report) : EarlierRuns())
        }
        return try ReportFormat.html.render(Self.fleet())
    }

    /// A month of runs, with each kind of change between two of them.
    private static func earlier(than report: ReportDocument) -> EarlierRuns {
        var history = EarlierReports(than: report)
        for day in 1...29 {
            var earlier = report
            earlier.started = Timestamp(seconds: report.started.seconds - day * 86_400 - day * day * 60)
            if day > 20 { earlier.host?.kernel = "Linux 6.1.0-38-amd64" }
            if day > 12 { earlier.host?.interpreters[0].version = "7.2.19" }
            if day > 20 { earlier.version = "0.0.9" }
            earlier.verdict = [4: .undetermined, 13: .unfit, 14: .unfit][day] ?? .fit
            for index in earlier.checks.indices {
                let isLong = earlier.checks[index].reference == "build.run@buildah"
                let percent: Int = 90 + (day * 7 + index) % 20
                earlier.checks[index].duration = earlier.checks[index].duration * percent / (isLong ? 340 : 100)
            }
            history.add(earlier)
        }
        return history.runs
    }

    private static func fleet() throws -> Fleet {
        let (fit, unfit) = (try Sample.report("fit-host"), try Sample.report("unfit-host"))
        var builder = FleetBuilder()
        for number in 0..<40 {
            var report = [3, 11, 12, 27, 33].contains(number) ? unfit : fit
            report.host?.name = "runner-\(number < 10 ? "0" : "")\(number)"
            if number % 7 == 0 { report.host?.kernel = "Linux 6.12.0-1-amd64" }
            if number == 5 || number == 9 {
                report.host?.interpreters[0].version = "8.2.0"
                report.host?.interpreters[0].sha256 = String(repeating: "fedcba9876543210", count: 4)
            }
            if number == 20 {
                report.verdict = .unfit
                for index in report.checks.indices where report.checks[index].id.hasPrefix("atomics.") {
                    report.checks[index].outcome = .fail
                }
                report.findings.insert(
                    ReportDocument.Finding(
                        code: "emulation-wrong-result", severity: .error, summary: "atomics.add: expected 1; seen 2",
                        evidence: [], cause: "The emulator computes wrong results.",
                        remedy: "sudo apt-get install qemu-user-static", checks: ["atomics.add@container"]), at: 0)
            }
            builder.add(report, file: "\(number).json")
        }
        return builder.fleet(version: "0.1.0", expected: nil)
    }
}

@Suite("HTML pages") struct PageTests {
    private static func all() throws -> [String] {
        try SamplePage.allCases.map { try $0.html() }
            + Sample.names.map { try ReportFormat.html.render(Sample.report($0)) }
            + [ReportFormat.html.render(Sample.fleet())]
    }

    /// The text between the first tag of this name and its end.
    private static func content(_ tag: String, of page: String) throws -> String {
        let parts = page.components("<\(tag)>")
        return try #require(parts.last?.components("</\(tag)>").first)
    }

    @Test("are as expected", arguments: SamplePage.allCases) func golden(page: SamplePage) throws {
        try Sample.expect(page.html(), "page-\(page.rawValue).html")
    }

    @Test("of two hundred checks have less than 150 KB, with their history") func size() throws {
        let report = try Sample.report("fit-host")
        let page = try SamplePage.fit.html()
        #expect(report.checks.count >= 200 && page.utf8.count < 150_000)
        #expect(try SamplePage.unfit.html().utf8.count < 150_000)
    }

    @Test("run one script and have one style, each allowed by its hash, and load nothing") func policy() throws {
        for page in try Self.all() {
            for (tag, directive) in [("script", "script-src"), ("style", "style-src")] {
                var hash = SHA256()
                Array(try Self.content(tag, of: page).utf8).withUnsafeBytes { hash.update($0) }
                #expect(page.contains("\(directive) 'sha256-\(Data(hash.digest).base64EncodedString())'"))
                #expect(page.ranges(of: "<\(tag)").count == 1)
            }
            #expect(page.contains("default-src 'none'") && !page.contains("unsafe"))
            #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("@import"))
            #expect(!page.contains("url(") && !page.contains(#/<[^>"]*("[^"]*"[^>"]*)* (style|on[a-z]+)=/#))
            #expect(page.matches(of: #/ (href|src)="([^"]*)"/#).allSatisfy { "#d".contains($0.output.2.prefix(1)) })
            #expect(page.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
        }
    }

    @Test("take no markup from outside") func hostile() throws {
        for page in [
            try ReportFormat.html.render(Sample.report("hostile")), try ReportFormat.html.render(Sample.fleet()),
        ] {
            #expect(!page.contains("<script>alert") && page.contains("&lt;script&gt;alert"))
        }
        let outside = "<b a=\"'\">&"
        #expect(("<i>\(outside)</i>" as Markup).text == "<i>&lt;b a=&quot;&#39;&quot;&gt;&amp;</i>")
        #expect(("\("<i>\(outside)</i>" as Markup)\(3)" as Markup).text.hasPrefix("<i>&lt;b"))
    }

    @Test("mark the first place where the path breaks, and only that") func path() throws {
        let unfit = try SamplePage.unfit.html()
        let links = unfit.components("<ol class=\"card path\">").last?.components("</ol>").first?.components("<li>")
        let broken = try #require(links).filter { $0.contains("broken here") }
        #expect(broken.count == 1 && broken[0].contains("<b>handler</b>") && broken[0].contains("#to-bad"))
        #expect(links?.count == 7 && links?.last?.contains("#open") == true)
        #expect(try !SamplePage.fit.html().contains("broken here"))
    }

    @Test("of a host that is not fit begin with the cause and what to type") func banner() throws {
        let banner = try #require(SamplePage.unfit.html().components("<header").last?.components("</header>").first)
        #expect(banner.contains("no handler is registered") && banner.contains("/opt/assay handler install --persist"))
        #expect(banner.contains("<dd>194</dd>"))
    }

    @Test("show what failed before what passed") func order() throws {
        var report = try Sample.report("run")
        for pages in [try SamplePage.run.html(), try SamplePage.unfit.html()] {
            let (bad, good) = (pages.firstRange(of: "✗ fail</b>"), pages.firstRange(of: "✓ pass</b>"))
            #expect(try #require(bad).lowerBound < #require(good).lowerBound)
        }
        // A failure that no finding explains is before a warning.
        let page = try ReportFormat.html.render(report)
        #expect(
            try #require(page.firstRange(of: "id=\"failures\"")).lowerBound
                < #require(page.firstRange(of: "id=\"findings\"")).lowerBound)
        // When its steps began, an older report does not say.
        #expect(!page.contains("not known of an older report"))
        for index in report.checks.indices { report.checks[index].begun = nil }
        #expect(try ReportFormat.html.render(report).contains("not known of an older report"))
    }

    @Test("give durations where they are unusual, with the spread of what is usual") func durations() throws {
        let page = try SamplePage.fit.html()
        let part = try #require(page.components("id=\"durations\"").last?.components("</section>").first)
        #expect(part.ranges(of: "<th scope=\"row\">").count == 1 && part.contains("build.run@<wbr>buildah"))
        #expect(part.contains("±") && part.contains("(29 runs)"))
        #expect(try !SamplePage.unfit.html().contains("id=\"durations\""))
    }

    @Test("show each run in a cell of its own, and mark a changed kernel, QEMU and Assay") func history() throws {
        let page = try SamplePage.fit.html()
        let strip = try #require(page.components("<ol class=\"strip\">").last?.components("</ol>").first)
        let cells = strip.components("<li ").dropFirst()
        #expect(cells.count == 30 && cells.last?.contains("this") == true)
        #expect(cells.compactMap { $0.firstMatch(of: #/<em>(.+)</em>/#)?.output.1 } == ["K A", "Q"])
        #expect(page.contains("<td>7.2.19</td>\n<td>7.2.22</td>"))
    }

    @Test("of a fleet give the hosts of a cause to copy, and leave out what all share") func fleet() throws {
        let page = try SamplePage.fleet.html()
        #expect(page.contains("<pre class=\"copy\"><code>runner-03\nrunner-11\nrunner-12\nrunner-27\nrunner-33</code>"))
        let facts = try #require(page.components("id=\"facts\"").last?.components("</section>").first)
        #expect(facts.contains("host.kernel") && !facts.contains("host.machine"))
        #expect(facts.contains("<code>fedcba987654…</code>"))
    }

    @Test("text has a contrast of 4.5 at least, in light and dark") func contrast() throws {
        let palettes = PageStyle.text.matches(of: /--[a-z]+:#[^}]*/).map(\.output)
        #expect(palettes.count == 2)
        for palette in palettes {
            let colours = Dictionary(
                uniqueKeysWithValues: palette.matches(of: /--([a-z-]+):#([0-9a-f]+)/).map {
                    (String($0.output.1), Self.luminance(String($0.output.2)))
                })
            for (front, backs) in [
                "text": ["back", "card", "code", "good-back", "bad-back", "odd-back"],
                "dim": ["back", "card", "code", "good-back", "bad-back", "odd-back"], "good": ["card", "good-back"],
                "bad": ["card", "bad-back"], "odd": ["card", "odd-back"], "info": ["card", "back"],
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

extension StringProtocol {
    fileprivate func components(_ separator: String) -> [String] { components(separatedBy: separator) }
}
