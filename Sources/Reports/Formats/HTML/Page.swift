import Findings

/// A self-contained page: no script, no network, and no outside text that becomes markup.
enum Page {
    /// - Parameters:
    ///   - title: plain text.
    ///   - body: markup.
    static func text(title: String, body: [String], footer: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>\(XMLText.escaped(title))</title>
        <style>
        \(PageStyle.text)
        </style>
        </head>
        <body>
        <a class="jump" href="#main">Skip to the findings</a>
        \(body.joined(separator: "\n"))
        <footer><p>\(XMLText.escaped(footer))</p></footer>
        </body>
        </html>

        """
    }

    /// The top of the page, with the verdict.
    static func header(_ title: String, _ verdict: Verdict, _ sentence: String, _ counts: [(String, Int)]) -> String {
        let tiles = counts.map { name, count in
            "<div\(count == 0 ? " class=\"none\"" : "")><dt>\(XMLText.escaped(name))</dt><dd>\(count)</dd></div>"
        }
        return """
            <header class="verdict \(verdict.rawValue)">
            <p class="what">\(XMLText.escaped(title))</p>
            <h1><span class="mark" aria-hidden="true">\(mark(verdict))</span> \(verdict.rawValue)</h1>
            <p>\(XMLText.escaped(sentence))</p>
            <dl class="tiles">\(tiles.joined())</dl>
            </header>
            """
    }

    static func section(_ id: String, _ title: String, _ content: [String]) -> [String] {
        content.isEmpty
            ? []
            : ["<section aria-labelledby=\"\(id)\">", "<h2 id=\"\(id)\">\(XMLText.escaped(title))</h2>"] + content
                + ["</section>"]
    }

    /// A table that scrolls on its own in a narrow window, also by keyboard.
    ///
    /// - Parameters:
    ///   - header: plain text.
    ///   - rows: markup; the first cell of each row is its header.
    ///   - notes: markup below a row, across its whole width, by the row's index.
    static func table(
        _ label: String, _ header: [String], _ rows: [[String]], numbers: Set<Int> = [], notes: [Int: String] = [:]
    ) -> String {
        let head = header.enumerated().map { index, text in
            "<th scope=\"col\"\(numbers.contains(index) ? " class=\"number\"" : "")>\(XMLText.escaped(text))</th>"
        }
        let body = rows.enumerated().map { index, row in
            let cells = row.enumerated().map { index, cell in
                index == 0
                    ? "<th scope=\"row\">\(cell)</th>"
                    : "<td\(numbers.contains(index) ? " class=\"number\"" : "")>\(cell)</td>"
            }
            let note =
                notes[index].map { "\n<tr class=\"notes\"><td colspan=\"\(header.count)\">\($0)</td></tr>" } ?? ""
            return "<tr>\(cells.joined())</tr>\(note)"
        }
        return """
            <div class="scroll" role="region" tabindex="0" aria-label="\(XMLText.escaped(label, inAttribute: true))">
            <table><thead><tr>\(head.joined())</tr></thead><tbody>
            \(body.joined(separator: "\n"))
            </tbody></table></div>
            """
    }

    static func details(_ summary: String, _ content: String) -> String {
        "<details><summary>\(XMLText.escaped(summary))</summary>\n\(content)\n</details>"
    }

    /// A block that one click selects for copying.
    static func code(_ text: String) -> String { "<pre class=\"command\"><code>\(XMLText.escaped(text))</code></pre>" }

    /// The name of a check or a host, with line breaks allowed after `/` and `@`.
    static func name(_ name: String) -> String {
        "<code>\(XMLText.escaped(name).replacing("/", with: "/<wbr>").replacing("@", with: "@<wbr>"))</code>"
    }

    static func finding(
        _ severity: Severity, _ code: String, title: String, cause: String, remedy: String, rest: [String]
    ) -> String {
        let id = XMLText.escaped(
            "finding-" + code.filter { $0.isLetter || $0.isNumber || $0 == "-" }, inAttribute: true)
        return """
            <article class="finding \(severity.rawValue)" id="\(id)" aria-label="\(XMLText.escaped(code, inAttribute: true))">
            <h3><span class="badge">\(severity.rawValue)</span> <code>\(XMLText.escaped(code))</code></h3>
            <p>\(XMLText.escaped(title))</p>
            <p class="cause"><strong>Cause.</strong> \(XMLText.escaped(cause))</p>
            <p class="label">Remedy</p>
            \(Self.code(remedy))
            \(rest.joined(separator: "\n"))
            </article>
            """
    }

    /// A sign and a word, so that colour is not the only difference.
    static func outcome(_ outcome: Outcome) -> String {
        let sign =
            switch outcome {
            case .pass: "✓"
            case .fail: "✗"
            case .skip: "–"
            case .broken: "?"
            }
        return
            "<span class=\"outcome \(outcome.rawValue)\"><span aria-hidden=\"true\">\(sign)</span> \(outcome.rawValue)</span>"
    }

    static func verdict(_ verdict: Verdict) -> String {
        "<span class=\"outcome \(verdict.rawValue)\"><span aria-hidden=\"true\">\(mark(verdict))</span> \(verdict.rawValue)</span>"
    }

    static func mark(_ verdict: Verdict) -> String {
        switch verdict {
        case .fit: "✓"
        case .unfit: "✗"
        case .undetermined: "?"
        }
    }
}
