/// `docs/playbook.md`: from what people see to what they do, written from the catalogue.
public enum Playbook {
    public static var text: String {
        """
        # Playbook
        From what you see to what to type. Generated from the catalogue (`Sources/Findings`): do not edit, run
        `ASSAY_UPDATE_EXPECTED=1 swift test --filter PlaybookTests`. The same, for what you have before you: `assay explain 'exec format error'`,
        `assay explain CODE`, and `some-build 2>&1 | assay explain -`.

        ## What you see
        | message | findings, likeliest first | what decides |
        |---|---|---|
        \(messages.map(row).joined(separator: "\n"))

        ## Findings
        \(FindingCode.allCases.map(section).joined(separator: "\n"))
        ## Known limits of QEMU's user mode
        They are noted beside a probe that passes, and are no failures.

        | limit | what is so | what programs feel | what helps | probes |
        |---|---|---|---|---|
        \(KnownLimit.all.map(row).joined(separator: "\n"))

        """
    }

    /// Each once, as the catalogue has them.
    static var messages: [String] {
        var seen: Set<String> = []
        return FindingCode.allCases.flatMap(\.symptoms).filter { seen.insert($0).inserted }
    }

    private static func row(_ message: String) -> String {
        let reading = SymptomReading(BuildLog(Array(message.utf8)))
        let codes = reading.candidates.map { link($0.code) }.joined(separator: ", ")
        let lines = message.split(separator: "\n").map { code(String($0)) }.joined(separator: "<br>")
        return "| \(lines) | \(codes) | `\(cell(reading.decision ?? ""))` |"
    }

    private static func row(_ limit: KnownLimit) -> String {
        let probes = limit.probes.map { "`\($0)`" }.joined(separator: ", ")
        let cells = ["`\(limit.code)`"] + [limit.summary, limit.effect, limit.remedy].map(cell) + [probes]
        return "| \(cells.joined(separator: " | ")) |"
    }

    private static func section(_ code: FindingCode) -> String {
        let entry = code.entry
        let seen =
            code.symptoms.isEmpty ? " no message of its own" : "\n" + block(code.symptoms.joined(separator: "\n"))
        return """
            ### \(code.rawValue)
            \(entry.severity.rawValue): \(entry.summary)

            - **You see**:\(seen)
            - **Why**: \(entry.cause)
            - **By hand**:
            \(block(entry.byHand))
            - **Do**:
            \(block(entry.advice.joined(separator: "\n")))\(entry.withoutAssay.map(withoutAssay) ?? "")

            """
    }

    private static func withoutAssay(_ lines: [String]) -> String {
        "\n- **Without Assay**:\n" + block(lines.joined(separator: "\n"))
    }

    private static func link(_ code: FindingCode) -> String { "[\(code.rawValue)](#\(code.rawValue))" }

    /// A code block of a list's item: nothing in it is markup.
    private static func block(_ text: String) -> String {
        "  ```\n" + text.split(separator: "\n").map { "  \($0)\n" }.joined() + "  ```"
    }

    private static func code(_ text: String) -> String {
        // A text with a backquote needs two around it.
        text.contains("`") ? "`` \(cell(text)) ``" : "`\(cell(text))`"
    }

    /// A bar would end the table's cell.
    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
