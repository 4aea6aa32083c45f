import Files
import FoundationEssentials

/// The JSON forms: indented, with sorted keys, and safe in a log. Unsafe characters are written as escapes, which
/// decode to the same text. They occur only in strings: the rest of JSON is ASCII and part of no command.
enum JSONReport {
    static func text(_ document: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
        return RunnerCommands.broken(text.replacingHidden(escape), as: .json)
    }

    /// One or two `\uXXXX`, RFC 8259 section 7.
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        scalar.utf16.map { "\\u\($0.hexadecimal)" }.joined()
    }
}

extension JSONReport: ReportForm {
    static let about = "schema \(ReportDocument.schema), for programs; what report render and report merge read"

    static func text(_ subject: Reported, style: ConsoleStyle) throws -> SafeText {
        switch subject {
        case .report(let report, _): try .json(report)
        case .fleet(let fleet): try .json(fleet)
        case .drills(let drills): try .json(drills.form)
        }
    }
}
