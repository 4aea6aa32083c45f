import Files
import Findings
import FoundationEssentials
import Processes

/// A page that is complete in itself: it loads nothing, and runs one script, which copies and filters.
enum Page {
    /// The most columns of a table; real reports have fewer. Rows times columns may be more than anything holds.
    static let mostColumns = 16

    /// The source of a policy that lets exactly this text count. Specification: <https://www.w3.org/TR/CSP3/#grammardef-hash-source>.
    private static func hash(_ text: String) -> String {
        var hash = SHA256()
        Array(text.utf8).withUnsafeBytes { hash.update($0) }
        return "sha256-" + Data(hash.digest).base64EncodedString()
    }

    private static let policy =
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        + "style-src '\(hash(PageStyle.text))'; script-src '\(hash(PageScript.text))'"

    /// - Parameter sections: those without content are left out.
    static func text(title: String, banner: Markup, sections: [Markup?], footer: String) -> SafeText {
        let page: Markup = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="\(Markup(stringLiteral: policy))">
            <meta name="color-scheme" content="light dark">
            <link rel="icon" href="data:,">
            <title>\(title)</title>
            <style>\(Markup(stringLiteral: PageStyle.text))</style>
            </head>
            <body>
            <a class="jump" href="#main">Skip to the report</a>
            \(Markup(stringLiteral: PageStyle.shapes))
            \(banner)
            <main id="main">
            \(sections.compactMap(\.self))
            </main>
            <footer><p>\(footer) This page is complete in itself: it loads nothing.</p><p id="say" role="status"></p></footer>
            <script>\(Markup(stringLiteral: PageScript.text))</script>
            </body>
            </html>

            """
        return SafeText(page.text, as: .reference)
    }

    /// The top of the page: the verdict, its cause, and what to type.
    static func banner(
        _ what: String, _ verdict: Verdict, _ sentence: String, _ counts: [(name: String, count: Int)],
        cause: Markup = ""
    ) -> Markup {
        let tiles = counts.filter { $0.count > 0 }.map { name, count -> Markup in
            "<div><dt>\(name)</dt><dd>\(count)</dd></div>"
        }
        return """
            <header class="verdict \(verdict.rawValue)">
            <p>\(what)</p>
            <h1><span>\(mark(verdict)) \(verdict.rawValue)</span> \(sentence)</h1>
            \(cause)
            <dl class="tiles">\(tiles)</dl>
            </header>
            """
    }

    /// Nil without content.
    static func section(_ id: String, _ title: String, _ content: [Markup]) -> Markup? {
        content.isEmpty
            ? nil
            : "<section aria-labelledby=\"\(id)\">\n<h2 id=\"\(id)\">\(title)</h2>\n\(content)\n</section>"
    }

    /// A table that scrolls on its own in a narrow window, also by keyboard; empty without rows.
    ///
    /// - Parameters:
    ///   - rows: the first cell of each is its header.
    ///   - filtered: the script sets a field above it, which hides the rows that lack what is typed.
    static func table(
        _ label: String, _ header: [Markup], _ rows: [[Markup]], numbers: Set<Int> = [], filtered: Bool = false
    ) -> [Markup] {
        guard !rows.isEmpty else { return [] }
        func kind(_ index: Int) -> Markup { numbers.contains(index) ? " class=\"number\"" : "" }
        let heads = header.enumerated().map { "<th scope=\"col\"\(kind($0))>\($1)</th>" as Markup }
        let lines = rows.map { row -> Markup in
            let cells = row.enumerated().map { index, cell -> Markup in
                index == 0 ? "<tr><th scope=\"row\">\(cell)</th>" : "<td\(kind(index))>\(cell)</td>"
            }
            return "\(cells)</tr>"
        }
        return [
            """
            <div class="scroll\(filtered ? " filtered" : "")" role="region" tabindex="0" aria-label="\(label)"><table>
            <thead><tr>\(heads)</tr></thead><tbody>
            \(lines)
            </tbody></table></div>
            """
        ]
    }

    /// Empty without content.
    static func details(_ summary: String, _ content: [Markup]) -> [Markup] {
        content.isEmpty ? [] : ["<details><summary>\(summary)</summary>\n\(content)\n</details>"]
    }

    /// Text to copy, which one click selects; the script sets a button beside it.
    static func copied(_ text: String) -> Markup { "<pre class=\"copy\"><code>\(text)</code></pre>" }

    /// A bar of rectangles, whose places are in per cent.
    static func bar(_ rectangles: Markup) -> Markup { "<svg class=\"bar\" aria-hidden=\"true\">\(rectangles)</svg>" }

    /// What to do: a command is to be copied, a sentence is read.
    static func fix(_ remedy: String) -> Markup {
        remedy.isCommand
            ? "<p class=\"label\">Fix</p>\n\(copied(remedy))" : "<p><strong>Fix.</strong> \(remedy)</p>"
    }

    static func finding(
        _ severity: Severity, _ code: String, platform: String? = nil, title: String, cause: String, remedy: String,
        rest: [Markup]
    ) -> Markup {
        let place = platform.map { "-" + $0.replacing("/", with: "-") } ?? ""
        return """
            <article class="finding \(severity.rawValue)" id="finding-\(code)\(place)" aria-label="\(code)\(platform.map { " on \($0)" } ?? "")">
            <h3><span class="badge">\(severity.rawValue)</span> <code>\(code)</code></h3>
            <p>\(title)</p>
            \(fix(remedy))
            <p class="dim"><strong>Why.</strong> \(cause)</p>
            \(rest)
            </article>
            """
    }

    static func sign(_ outcome: Outcome) -> String {
        switch outcome {
        case .pass: "✓"
        case .fail: "✗"
        case .skip: "–"
        case .broken: "?"
        }
    }

    static func mark(_ verdict: Verdict) -> String { sign(verdict.outcome) }

    /// A sign and a word, so that colour is not the only difference.
    static func outcome(_ outcome: Outcome) -> Markup {
        "<b class=\"\(outcome.rawValue)\">\(sign(outcome)) \(outcome.rawValue)</b>"
    }

    static func verdict(_ verdict: Verdict) -> Markup {
        "<b class=\"\(verdict.outcome.rawValue)\">\(mark(verdict)) \(verdict.rawValue)</b>"
    }
}

extension Timestamp {
    /// `2026-01-31 08:00 UTC`.
    var minute: String { "\(day) \(clock) UTC" }
    /// `2026-01-31`.
    var day: Substring { text.prefix(10) }
    /// `08:00`.
    var clock: Substring { text.dropFirst(11).prefix(5) }
}

extension Duration {
    /// Its share of the whole, in per cent with one decimal, of at most 100.
    func share(of whole: Duration) -> String { "\(whole > .zero ? min(100, (self / whole * 100).tenths) : 0)%" }
}
