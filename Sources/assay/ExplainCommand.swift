import ArgumentParser
import Findings
import Reports
import ScenarioFormat

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", _superCommandName: "assay",
        abstract: "Explain a finding: its cause, how to see it by hand, its remedy.")

    @Argument(help: "The finding's code, as in \"assay list findings\".")
    var finding: String

    mutating func run() throws {
        guard let code = FindingCode(rawValue: finding) else {
            throw UnknownName(kind: "finding", name: finding, known: FindingCode.allCases.map(\.rawValue))
        }
        let entry = code.entry
        try StandardOutput.write(
            """
            \(code.rawValue) (\(entry.severity.rawValue))
              \(entry.summary)

            cause
              \(lines: entry.cause)

            see it by hand
              \(lines: entry.byHand)

            remedy
              \(lines: entry.remedy)

            """)
    }
}
