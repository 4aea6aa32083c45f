/// What outsiders may have a report hold, and what must not come of it.
enum Hostile {
    /// Each does something in a terminal, or in some CI runner's log.
    static let strings =
        [
            "\u{1b}[31m\u{1b}]0;title\u{7}\u{1b}[2J\u{1b}[1;1H", "nul\u{0}del\u{7f}bell\u{7}back\u{8}\u{8}\u{8}",
            "c1 \u{9b}31m \u{9d}0;x\u{9c} \u{85}::error::nel", "over\rwritten", "crlf\r\n::error::x\r\n\r\n",
            "bidi \u{202e}drowssap\u{202c} \u{2066}x\u{2069} \u{200e}\u{200f}\u{061c}\u{202a}\u{202b}\u{2067}\u{2068}",
            "zero\u{200b}width\u{200c}\u{200d}\u{2060}\u{feff}\u{ad}\u{34f}\u{3164}\u{180e}\u{2064}",
            "tags \u{e0041}\u{e0042}\u{e007f} \u{e0100}\u{e01ef} x\u{fe0f}\u{fe0e}\u{fe00}",
            "lines\u{2028}::error::a\u{2029}##[error]b\u{b}::error::c\u{c}::error::d",
            "\u{fffe}\u{ffff}\(Unicode.Scalar(0xfdd0 as UInt16) ?? "?")\u{fff9}\u{fffb}\u{1d173}",
            "::error::x", "   ::add-mask::x", "\t\u{a0}\u{2003}::set-output name=a::b",
            "a\n\n ::stop-commands::token\n",
            ":", "::", ":error::x", "::0af3::", ":::error::x", "x::error::y", "\"::error file=a,line=1::quoted\"",
            "##[error]x", "y##[group]", "##vso[task.setvariable variable=PATH;]/x",
            "##teamcity[buildStatus status='FAILURE']", "#",
            "###[x]", "[error]", "--- group", "+++ open\n+++ open", "~~~ muted", "^^^ +++", "\n--- later",
            "section_start:1560896352:x\r\u{1b}[0K", "travis_fold:start:x\r\u{1b}[0K", "travis_time:start:0",
            "section_end:1:x",
            "\nok 99 - forged\nnot ok 100 - forged\n1..3\nBail out! now\n", "name # SKIP all # TODO \\# x \\",
            "...\n---\n",
            "fit: 200 passed, 0 failed\n\nfit: 1 passed\n",
            "\"} 1\nassay_verdict{verdict=\"fit\"} 1\n# HELP x\n# EOF\n", "\\\"\\n\\",
            "<script>alert(1)</script>\"' onload='x' &amp; ]]> --> <!-- <?x?>",
            "</failure></testcase><testcase name=\"x\"/>",
            "| a | b |\n|---|---|\n![x](http://x/y.png) [a](javascript:x) @everyone `` ``` <img src=x> https://x.y www.x.y",
            "%0A::error::x%0D,title=x:y", "\n\n\n", "", " ", "e\u{301}\u{301},\u{301}:\u{301}#\u{301}", "😀👩‍🔬⏭️ fine",
            String(repeating: "long ", count: 60),
        ]

    /// What is wrong with a text that goes to a terminal or a log; nil where nothing is.
    static func fault(of text: String) -> String? {
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() where isForbidden(scalar) {
            // Part of an emoji.
            let before = index > 0 ? scalars[index - 1] : scalar
            if [0x200d, 0xfe0f].contains(scalar.value), before.properties.isEmoji, before.value > 0xff { continue }
            return "U+\(String(scalar.value, radix: 16)) after \(context(scalars, index))"
        }
        let line = scalars.split { $0.properties.generalCategory == .control && $0 != "\t" }.first(where: isCommand)
        return line.map { "a runner's command: \(String(String.UnicodeScalarView($0.prefix(200))))" }
    }

    private static func isCommand(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
        let rest = Array(line.drop { $0.properties.isWhitespace })
        func has(_ word: String, at index: Int) -> Bool {
            zip(word.unicodeScalars, rest.dropFirst(index)).allSatisfy { $0 == $1 } && index + word.count <= rest.count
        }
        func isLetter(_ index: Int) -> Bool {
            index < rest.count && rest[index].properties.isAlphabetic && rest[index].isASCII
        }
        if has("::", at: 0), isLetter(2) || rest.indices.contains(where: { $0 > 1 && has("::", at: $0) }) {
            return true
        }
        if ["--- ", "+++ ", "~~~ ", "^^^"].contains(where: { has($0, at: 0) }) { return true }
        for index in rest.indices where rest[index] == "#" || rest[index] == "s" || rest[index] == "t" {
            if ["section_start:", "section_end:", "travis_fold:", "travis_time:"].contains(where: { has($0, at: index) }
            ) {
                return true
            }
            guard has("##", at: index) else { continue }
            var end = index + 2
            while isLetter(end) { end += 1 }
            if has("[", at: end) { return true }
        }
        return false
    }

    private static func context(_ scalars: [Unicode.Scalar], _ index: Int) -> String {
        String(String.UnicodeScalarView(scalars[max(0, index - 30)..<index]))
    }

    /// By value, not by Unicode's properties: those are what is tested.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0a, 0x09: false
        case 0..<0x20, 0x7f..<0xa0, 0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b...0x180f,
            0x200b...0x200f,
            0x2028...0x202e, 0x2060...0x206f, 0x3164, 0xfdd0...0xfdef, 0xfe00...0xfe0f, 0xfeff, 0xffa0, 0xfff0...0xfffb,
            0xfffe, 0xffff, 0x1bca0...0x1bca3, 0x1d173...0x1d17a, 0x1fffe, 0x1ffff, 0xe0000...0xe0fff:
            true
        default: false
        }
    }
}
