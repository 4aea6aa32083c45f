import TestSupport
import Testing

@testable import Reports

@Suite("Text from outside") struct SafeTextTests {
    @Test("is neither an escape nor a command, alone and behind what is Assay's own", arguments: Hostile.strings)
    func alone(text: String) {
        #expect(Hostile.fault(of: SafeText(text).string) == nil)
        #expect(text.oneLine.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        for safe: SafeText in [
            "\(text)", "  \(text)", "assay: \(text)\n", ":\(text)", "#\(text)", "\(text)\(text)",
            "\(lines: text)\(lines: text)",
        ] {
            #expect(Hostile.fault(of: safe.string) == nil, "\(safe)")
        }
        let live: SafeText = "\r\u{1b}[K\(text)"
        #expect(Hostile.fault(of: String(live.string.dropFirst(4))) == nil)
        let error: SafeText = "assay: \(text)\n"
        #expect(error.string.split(separator: "\n").count == 1, "one error is one line")
    }

    @Test("any two pieces are harmless side by side") func pairs() {
        for one in Hostile.strings {
            for other in Hostile.strings {
                let safe: SafeText = "\(lines: one)\(lines: other)"
                if let fault = Hostile.fault(of: safe.string) { Issue.record("\(fault)") }
            }
        }
    }

    @Test(
        "stays as it is where it is harmless",
        arguments: [
            "plain", "std::vector<int>::iterator", "a::b::c", "::1 localhost", "see ::", "# comment", "## [x]",
            "a ## b",
            "---", "a --- b", "--option", "x + +y", "tab\tand\nline", "Grüße, 世界, naïve e\u{301}", "⏭️ 👩‍🔬 🏳️‍🌈 ✅",
            "0x5::0x6", "section_starts", "[::1]:80", "host:port::x",
        ])
    func harmless(text: String) { #expect(SafeText(text).string == text) }

    @Test(
        "shows what was made harmless",
        arguments: [
            ("::error::x", ":�:error::x"), (" \t::add-mask::x", " \t:�:add-mask::x"),
            ("a\r::error::x", "a␍:�:error::x"),
            ("x ##[error]", "x #�#[error]"), ("##vso[a]", "#�#vso[a]"), ("--- x", "-�-- x"), ("\u{1b}[0m", "␛[0m"),
            ("a\u{202e}b\u{200b}c", "a�b�c"), ("::0af3::", ":�:0af3::"), ("travis_fold:start", "travis_fold�:start"),
            ("❤\u{fe0f}\u{fe0f}", "❤\u{fe0f}�"), ("a\u{200d}b", "a�b"), ("\u{0}\u{7f}\u{85}", "␀␡�"),
        ])
    func shown(text: String, expected: String) { #expect(SafeText(text).string == expected) }

    @Test("a second look changes nothing", arguments: Hostile.strings) func twice(text: String) {
        let once = SafeText(text).string
        #expect(SafeText(once).string == once)
    }

    @Test("takes time in proportion to its length") func linear() {
        func time(_ piece: String, _ count: Int) -> Duration {
            let text = String(repeating: piece, count: count / piece.count)
            return (0..<3).map { _ in processorTime { _ = SafeText(text) } }.min() ?? .zero
        }
        for piece in ["::", "::a ", ":: ", "##", "##a", "_", "section_start", "\u{202e}", "\n::a", "a::b"] {
            // Eight times the text: what is quadratic takes sixty-four times as long.
            #expect(time(piece, 64_000) < time(piece, 8_000) * 30, "\(piece)")
        }
    }
}
